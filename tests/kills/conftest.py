"""Processes of their own, which are spoken to over sockets of this machine."""

import pytest
import pytest_socket


@pytest.fixture
def forks(socket_enabled: None) -> None:  # noqa: ARG001
    """Let processes be forked: who asks for that does so over a Unix socket."""
    pytest_socket.socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
