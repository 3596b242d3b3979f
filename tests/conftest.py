"""What every test shares."""

# The test plugin brings a `custom_components` of its own: ours must be first.
import custom_components  # noqa: F401
