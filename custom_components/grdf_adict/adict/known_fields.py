"""The fields of GRDF's answers, by what may be kept of them (API notes §3 to §7)."""

from typing import Final

from .models.access_right import AccessRightState, Journey, ProofState, Role
from .models.consumption import (
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Qualification,
    ReadingQuality,
    ReadingStatus,
)
from .models.contract import ContractField
from .models.wire import folded

PCE: Final = frozenset({"id_pce"})
NAMES: Final = frozenset(
    {
        "nom_titulaire",
        "raison_sociale",
        "raison_sociale_du_tiers",
        "raison_sociale_du_titulaire",
    }
)
PLACES: Final = frozenset({"commune", "complement_adresse", "libelle_pitd", "nom_rue"})
MAILS: Final = frozenset({"courriel_titulaire"})
PHONES: Final = frozenset({"numero_telephone_mobile_titulaire"})
IDS: Final = frozenset(
    {
        "code_postal",
        "id_accreditation",
        "id_droit_acces",
        "identifiant_pitd",
        "matricule_compteur",
        "numero_rue",
    }
)

# kWh, kWh a day, m³.
AMOUNTS: Final = frozenset(
    {
        "assiette",
        "car",
        "car_actuelle",
        "car_future",
        "cja",
        "cja_journaliere",
        "cja_mensuelle",
        "consommation_journaliere_plafond",
        "energie",
        "modulation_n_1",
        "modulation_n_2",
        "modulation_n_3",
        "valeur_index",
        "volume_brut",
        "volume_converti",
    }
)
NUMBERS: Final = frozenset(
    {
        "code_debit",
        "code_debit_normalise",
        "coeff_conversion",
        "coeff_pta",
        "nb_jour_gazier",
        "pression_livraison",
        "valeur_pcs",
    }
)
DATES: Final = frozenset(
    {
        "date_creation",
        "date_creation_droit_acces",
        "date_debut",
        "date_debut_bordereau",
        "date_debut_consommation",
        "date_debut_droit_acces",
        "date_debut_injection",
        "date_debut_profil_type_actuel",
        "date_fin",
        "date_fin_autorisation",
        "date_fin_bordereau",
        "date_fin_consommation",
        "date_fin_droit_acces",
        "date_fin_injection",
        "date_fin_profil_type_actuel",
        "date_limite_transmission_preuve",
        "date_mes",
        "date_passage_a_obsolete",
        "date_passage_a_refuse",
        "date_publication",
        "date_releve",
        "date_revocation",
        "horodate_Index",
        "journee_gaziere",
        "perim_donnees_conso_debut",
        "perim_donnees_conso_fin",
        "perim_donnees_inj_debut",
        "perim_donnees_inj_fin",
        "periode",
        "valeur",
    }
)
CODES: Final = frozenset(
    {
        "code_calibre",
        "code_debit",
        "code_debit_normalise",
        "profil_type_actuel",
        "profil_type_futur",
        "raison_releve",
        "tarif_acheminement",
    }
)
STATUS_CODES: Final = frozenset({"code", "code_statut_traitement", "errorCode"})
# GRDF's own sentences, in which it may name people. Reasons that customers may have
# written, and labels, are kept where they are in the vocabulary.
PROSE: Final = frozenset(
    {"errorSummary", "error_description", "message", "message_retour_traitement"}
)

_ENUMERATIONS: Final = (
    AccessRightState,
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Journey,
    ProofState,
    Qualification,
    ReadingQuality,
    ReadingStatus,
    Role,
)
VOCABULARY: Final = frozenset(
    folded(word)
    for word in (
        *(
            spelling
            for kind in _ENUMERATIONS
            for member in kind
            for spelling in member.spellings
        ),
        *ContractField,
        # Flags, reading frequencies, tariffs, the tiers, reasons of a reading.
        *("Vrai", "Faux", "Oui", "Non", "6M", "1M", "MM", "JJ"),
        *("T1", "T2", "T3", "T4", "TP", "TIERS", "TITULAIRE", "CLIENT", "GRDF"),
        *("RNO", "NSI", "CHF1", "CFR", "CCP", "FSI", "CHF2", "CHT", "COM", "RSP"),
        # What the deck and GRDF's test data show of labels and reasons.
        *("Relevé normal", "Le client n'est plus titulaire de ce PCE"),
        *("Faisant partie intégrante du Réseau de Distribution",),
        *("EXP", "invalid_client", "unauthorized_client", "invalid_request"),
    )
)
"""What GRDF's fields of a few values hold, as `folded` writes it."""

CAPITALISED: Final = frozenset(
    (
        *("ADICT", "API", "CAR", "CJA", "GRDF", "KO", "OK", "PCE", "PCS", "PTA"),
        *("RGPD", "SMS", "TIERS", "TITULAIRE"),
        # What begins GRDF's sentences, and its own terms.
        *("Absence", "Accès", "Aucun", "Aucune", "Autorisation", "Ce", "Cet"),
        *("Cette", "Changement", "Client", "Consentement", "Contrat", "De"),
        *("Demande", "Des", "Distribution", "Données", "Droit", "Droits", "Du"),
        *("Erreur", "Faisant", "Format", "Il", "Index", "Jeton", "La", "Le", "Les"),
        *("Mise", "Nous", "Paramètre", "Preuve", "Période", "Quota", "Relevé"),
        *("Requête", "Réseau", "Résiliation", "Service", "Tiers", "Titulaire", "Un"),
        *("Une", "Veuillez", "Vos", "Votre", "Vous", "Vérifiée"),
        # What servers answer besides.
        *("Bad", "Error", "Forbidden", "Found", "Gateway", "Internal", "Many", "Not"),
        *("Request", "Requests", "Server", "Temporarily", "Time", "Timeout", "Too"),
        *("Unauthorized", "Unavailable"),
    )
)
"""The capitalised words of GRDF's texts that are no names."""
PATH: Final = frozenset(
    {
        "donnees_consos_informatives",
        "donnees_consos_publiees",
        "donnees_contractuelles",
        "donnees_injection_publiees",
        "donnees_injections_publiees",
        "donnees_techniques",
        "droit_acces",
        "droits_acces",
        "pce",
        "preuves",
        "token",
    }
)
