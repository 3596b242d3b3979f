"""A client of GRDF's ADICT API: rights and consumption of French gas meters."""

from .answer import Answer as Answer, Refused as Refused, Status as Status
from .client import AdictClient as AdictClient
from .client_connect import (
    ClientConnectError as ClientConnectError,
    ConnectProblem as ConnectProblem,
    Consent as Consent,
    LoginHint as LoginHint,
    authorize_url as authorize_url,
    exchange_code as exchange_code,
)
from .declaration import (
    Declaration as Declaration,
    DeclarationProblem as DeclarationProblem,
    InvalidDeclarationError as InvalidDeclarationError,
    check_declaration as check_declaration,
)
from .endpoints import (
    PRODUCTION as PRODUCTION,
    SANDBOX as SANDBOX,
    Endpoints as Endpoints,
)
from .errors import (
    NO_RIGHT as NO_RIGHT,
    SUPPLY_OVER as SUPPLY_OVER,
    AdictAccessRightError as AdictAccessRightError,
    AdictAlreadyExistsError as AdictAlreadyExistsError,
    AdictAuthenticationError as AdictAuthenticationError,
    AdictBadAnswerError as AdictBadAnswerError,
    AdictBadRequestError as AdictBadRequestError,
    AdictContractOverError as AdictContractOverError,
    AdictDeferredError as AdictDeferredError,
    AdictEmptyAnswerError as AdictEmptyAnswerError,
    AdictError as AdictError,
    AdictQuotaError as AdictQuotaError,
    AdictUnavailableError as AdictUnavailableError,
    AdictUncertainError as AdictUncertainError,
    InvalidPceError as InvalidPceError,
)
from .free_text import label as label, masked as masked, reason as reason
from .grant import (
    DeclaredRight as DeclaredRight,
    GrantDifference as GrantDifference,
    GrantField as GrantField,
    differences as differences,
)
from .masking import Masker as Masker
from .models.access_right import (
    AccessRight as AccessRight,
    AccessRightState as AccessRightState,
    Journey as Journey,
    ProofState as ProofState,
    Role as Role,
)
from .models.consumption import (
    Consumption as Consumption,
    ConsumptionKind as ConsumptionKind,
    ConsumptionStatus as ConsumptionStatus,
    FlowDirection as FlowDirection,
    Qualification as Qualification,
    Reading as Reading,
    ReadingQuality as ReadingQuality,
    ReadingStatus as ReadingStatus,
)
from .models.contract import (
    ContractData as ContractData,
    ContractField as ContractField,
)
from .models.technical import (
    Frequency as Frequency,
    TechnicalData as TechnicalData,
    calibre_flow as calibre_flow,
)
from .models.wire import (
    PARIS as PARIS,
    day as day,
    folded as folded,
    unaccented as unaccented,
)
from .observed import Exchange as Exchange
from .pce import (
    InvalidRightIdError as InvalidRightIdError,
    is_pce as is_pce,
    mask_pce as mask_pce,
    parse_pce as parse_pce,
)
from .period import (
    INFORMATIVE_YEARS as INFORMATIVE_YEARS,
    PUBLISHED_YEARS as PUBLISHED_YEARS,
    CalendarPeriod as CalendarPeriod,
    DateRange as DateRange,
    InvalidPeriodError as InvalidPeriodError,
    Period as Period,
    PeriodProblem as PeriodProblem,
    check_period as check_period,
    parse_period as parse_period,
)
from .proofs import (
    CONTENT_TYPES as CONTENT_TYPES,
    LARGEST_PROOF as LARGEST_PROOF,
    MOST_PROOFS as MOST_PROOFS,
    InvalidProofError as InvalidProofError,
    Proof as Proof,
    ProofProblem as ProofProblem,
    ProofProblemKind as ProofProblemKind,
    check_proofs as check_proofs,
)
from .quota import (
    PACE_MARGIN as PACE_MARGIN,
    Allowance as Allowance,
    Quota as Quota,
    QuotaState as QuotaState,
    allowance_for as allowance_for,
)
from .request import VERSION as VERSION
from .rights_filter import (
    FilterProblem as FilterProblem,
    InvalidFilterError as InvalidFilterError,
    RightsFilter as RightsFilter,
    check_filter as check_filter,
)
from .waiting import PROMPT as PROMPT, Priority as Priority, Urgency as Urgency
