"""What of GRDF's free text is masked, and what is left out."""

import pytest

from custom_components.grdf_adict.adict import label, masked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Refus de M. DUPONT Jean.", "Refus de M. …"),
        ("Madame Le Goff a refusé", "Madame … a refusé"),
        ("Mme de la Tour, absente", "Mme …, absente"),
        ("refus par DUPONT Jean hier", "refus par … hier"),
        ("refus par Jean DUPONT hier", "refus par … hier"),
        ("refus par JEAN DUPONT hier", "refus par … hier"),
        ("3 bis rue des Lilas, Lyon", "…, Lyon"),
        ("voir https://evil.example/x?y=1 ou www.evil.example", "voir … ou …"),
        ("[ici](//evil.example)", "[ici](…)"),
    ],
)
def test_people_addresses_and_links_are_masked(written: str, shown: str) -> None:
    assert masked(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Le contrat de fourniture de gaz est échu",
        "GRDF a révoqué votre droit d'accès à la demande du client",
        "Votre contrat GRDF ADICT est expiré",
        "Le code postal ne correspond pas au PCE : 13000 attendu",
        "TITULAIRE",
        "LE DROIT EXISTE DEJA",
        "Preuve Vérifiée KO",
        "Paramètre date_fin invalide",
    ],
)
def test_what_grdf_says_itself_is_kept(text: str) -> None:
    assert masked(text) == text


def test_the_words_of_a_known_name_are_masked_in_any_order() -> None:
    written = "Le client camille exemple (SCI des Lilas) a refusé"

    shown = masked(written, "EXEMPLE CAMILLE", "SCI DES LILAS", None, "")

    assert shown == "Le client … (…) a refusé"


@pytest.mark.parametrize(
    "text", ["G4", "TP", "P012", "SARL L'Épi d'Or & Fils (75)", "À valider", "98999"]
)
def test_a_short_name_or_code_is_a_label(text: str) -> None:
    assert label(f" {text}\n") == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        " ",
        "=1+1",
        "-1",
        "@x",
        "a [b](c)",
        "<b>",
        "a|b",
        "http://evil.example",
        "a@b.example",
        "a" * 61,
    ],
)
def test_anything_else_is_none(text: str | None) -> None:
    assert label(text) is None
