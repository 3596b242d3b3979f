"""Automations that tests listen to."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component


async def automate(
    hass: HomeAssistant, trigger: dict[str, Any], *conditions: dict[str, Any]
) -> None:
    """Run `test.run` upon a trigger, where the conditions hold."""
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "alias": "example",
                "mode": "queued",
                "max": 50,
                "triggers": [trigger],
                "conditions": list(conditions),
                "actions": [
                    {
                        "action": "test.run",
                        "data": {
                            "day": "{{ trigger.gas_day | default }}",
                            "kind": "{{ trigger.kind | default }}",
                            "meter": "{{ trigger.meter }}",
                        },
                    }
                ],
            }
        },
    )
    await hass.async_block_till_done()
