"""What GRDF says, as frozen dataclasses: lenient in form, strict in sense."""

from .access_right import AccessRight, AccessRightState, Journey, ProofState, Role
from .consumption import (
    Consumption,
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Qualification,
    Reading,
    ReadingQuality,
    ReadingStatus,
)
from .contract import ContractData, ContractField
from .technical import Frequency, TechnicalData

__all__ = [
    "AccessRight",
    "AccessRightState",
    "Consumption",
    "ConsumptionKind",
    "ConsumptionStatus",
    "ContractData",
    "ContractField",
    "FlowDirection",
    "Frequency",
    "Journey",
    "ProofState",
    "Qualification",
    "Reading",
    "ReadingQuality",
    "ReadingStatus",
    "Role",
    "TechnicalData",
]
