"""Who a record names and how they are reached: from cells to addresses, and to what is known of a customer."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from tactful.domain.book.customer import Purpose, Role
from tactful.imports.identifiers import original
from tactful.imports.profile import plain

# Enough for the clients of one file, whose rows repeat their addresses in any order.
_CACHED_ADDRESSES = 2**14
_SHOWN = 40
_LONGEST_CELL = 1_000
_MOST_ADDRESSES = 10

_REGION = re.compile(r"(?:[A-Z]{2}-)?([A-Z0-9]{1,3})")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_NEXT_ADDRESS = re.compile(r"[;,\r\n]+")
_BETWEEN = frozenset("/|&")
_NEXT_PHONE = re.compile(r"[;,\r\n]+|\s/\s|\s(?:or|oder|ou|o)\s")
_AS_FLOAT = re.compile(r"(\+?[0-9]+)\.0")
_AS_POWER = re.compile(r"\+?[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
# How people say that there is no address, as `plain` has it.
_NONE = frozenset(
    {
        "",
        "na",
        "none",
        "no",
        "null",
        "nil",
        "nan",
        "unknown",
        "notknown",
        "tbc",
        "tbd",
        "keine",
        "unbekannt",
        "aucun",
        "ninguno",
    }
)
_USUAL = re.compile(
    r"([A-Za-z0-9_+-]{1,64}(?:\.[A-Za-z0-9_+-]{1,20}){0,2})@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)
# Shorter than any limit of the local part, so that only the domain can be at fault.
_LONGEST_USUAL = 64
# Labels of letters and digits, of which at most the last can be at fault: it may be reserved (RFC 6761).
_PLAIN_DOMAIN = re.compile(r"(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+([A-Za-z]+)")
_YES_NO = {
    **dict.fromkeys(
        ("yes", "y", "true", "1", "ja", "j", "oui", "o", "sí", "si", "wahr", "vrai", "verdadero"), True
    ),
    **dict.fromkeys(("no", "n", "false", "0", "nein", "non", "falsch", "faux", "falso"), False),
}
_PURPOSES = {
    **dict.fromkeys(
        ("business", "company", "b2b", "firma", "unternehmen", "entreprise", "empresa"), Purpose.BUSINESS
    ),
    **dict.fromkeys(
        ("consumer", "individual", "private", "b2c", "privat", "particulier", "particular"), Purpose.CONSUMER
    ),
}
_LANGUAGES = {
    plain(name): code
    for code, names in {
        "en": "English Englisch Anglais Inglés",
        "de": "German Deutsch Allemand Alemán",
        "fr": "French Französisch Français Francés",
        "es": "Spanish Spanisch Espagnol Español Castellano",
        "it": "Italian Italienisch Italien Italiano",
        "nl": "Dutch Niederländisch Néerlandais Neerlandés Nederlands",
        "pt": "Portuguese Portugiesisch Portugais Portugués Português",
        "pl": "Polish Polnisch Polonais Polaco Polski",
        "sv": "Swedish Schwedisch Suédois Sueco Svenska",
        "da": "Danish Dänisch Danois Danés Dansk",
        "nb": "Norwegian Norwegisch Norvégien Noruego Norsk",
        "fi": "Finnish Finnisch Finnois Finés Suomi",
        "cs": "Czech Tschechisch Tchèque Checo Čeština",
        "ja": "Japanese Japanisch Japonais Japonés",
        "zh": "Chinese Chinesisch Chinois Chino",
    }.items()
    for name in names.split()
}


class AddressError(ValueError):
    """Some of the addresses in a cell cannot be used; `good` are those that can."""

    def __init__(self, reason: str, good: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.good = good


def email_addresses(text: str) -> list[str]:
    """The e-mail addresses of a cell, each once, in one form; none for an empty cell or a word for none.

    They may stand behind names ("Ann Lee <ann@client.example>"), and after one another with ; , or blanks between.
    Raises AddressError, which has the good ones, if one of them is no address; never says in words what it was.
    """
    good, reason = _emails(text)
    if reason:
        raise AddressError(reason, good)
    return [*good]


@lru_cache(maxsize=_CACHED_ADDRESSES)
def phone_number(text: str, country: str) -> str:
    """A phone number as E.164, read as people in the country (ISO 3166) write it; the first usable one of several.

    Empty for an empty cell or a word for none. Raises ValueError.
    """
    said = original(text.strip()).strip()
    if plain(said) in _NONE:
        return ""
    if _AS_POWER.fullmatch(said):
        raise ValueError("phone: it was destroyed by a spreadsheet: export again with the column as text")
    if found := _AS_FLOAT.fullmatch(said):
        said = found[1]
    reason = ""
    for one in filter(None, map(str.strip, _NEXT_PHONE.split(said[:_LONGEST_CELL]))):
        try:
            return _e164(one, country)
        except ValueError as error:
            reason = reason or str(error)
    raise ValueError(reason or "phone: not a number that a message can be sent to")


def yes_or_no(text: str) -> bool | None:
    """True, False, or None for an empty cell. Raises ValueError."""
    said = text.strip().casefold()
    if not said:
        return None
    try:
        return _YES_NO[said]
    except KeyError:
        raise ValueError(f"{text[:_SHOWN]!r} is neither yes nor no; leave it empty if nobody knows") from None


def role(text: str) -> Role | None:
    """What a contact is for; None for an empty cell. Raises ValueError."""
    try:
        return Role(text.strip().casefold()) if text.strip() else None
    except ValueError:
        raise ValueError(f"role: {text[:_SHOWN]!r} is none of {', '.join(Role)}") from None


def purpose(text: str) -> Purpose:
    """What the customer buys for. Raises ValueError."""
    said = text.strip().casefold()
    try:
        return _PURPOSES[said] if said else Purpose.UNKNOWN
    except KeyError:
        raise ValueError(f"purpose: {text[:_SHOWN]!r} is neither business nor consumer") from None


def language(text: str) -> str:
    """A language as a BCP 47 tag, from a tag or a name; empty for an empty cell. Raises ValueError."""
    said = text.strip()
    if not said:
        return ""
    if named := _LANGUAGES.get(plain(said)):
        return named
    found = _LANGUAGE.fullmatch(said)
    if not found:
        raise ValueError(f"language: {said[:_SHOWN]!r} is no language: write its tag, such as en or en-GB")
    tag = (found[1].lower(), (found[2] or "").title(), (found[3] or "").upper())
    return "-".join(filter(None, tag))


def region(text: str) -> str:
    """What follows the country in an ISO 3166-2 code, which may stand before it. Raises ValueError."""
    said = text.strip().upper()
    if not said:
        return ""
    found = _REGION.fullmatch(said)
    if not found:
        raise ValueError(
            f"region: {said[:_SHOWN]!r} is not what follows the country in an ISO 3166-2 code, such as BY"
        )
    return found[1]


def time_zone(text: str) -> str:
    """An IANA name; empty for an empty cell. Raises ValueError."""
    said = text.strip()
    if said and said not in _time_zones():
        raise ValueError(f"timezone: {said[:_SHOWN]!r} is not an IANA name such as America/New_York")
    return said


@lru_cache(maxsize=_CACHED_ADDRESSES)
def _emails(text: str) -> tuple[tuple[str, ...], str]:
    """The addresses of a cell, and what is wrong with the first of the others."""
    if len(text) > _LONGEST_CELL:
        return (), f"email: the cell has {len(text):,} characters: leave one address in it"
    found = [text] if _USUAL.fullmatch(text) else _written(original(text.strip()))
    if len(found) > _MOST_ADDRESSES:
        return (), f"email: the cell has {len(found)} addresses, and {_MOST_ADDRESSES} are the most"
    good: dict[str, str] = {}
    reason = ""
    for place, one in enumerate(found, 1):
        try:
            address = _normalised(one)
            good.setdefault(address.casefold(), address)
        except EmailNotValidError as error:
            which = f"address {place} of {len(found)}: " if len(found) > 1 else ""
            reason = reason or f"email: {which}{error}"
    return tuple(good.values()), reason


def _normalised(address: str) -> str:
    """An e-mail address in one form. Raises EmailNotValidError.

    Checking takes long. Nearly all have a local part that is valid as it stands (RFC 5322, dot-atom), and a domain of
    plain labels; then only the end of the domain is checked, and once.
    """
    usual = _USUAL.fullmatch(address)
    if not usual or len(address) > _LONGEST_USUAL:
        return validate_email(address, check_deliverability=False).normalized
    plain_domain = _PLAIN_DOMAIN.fullmatch(usual[2])
    if not plain_domain:
        return f"{usual[1]}@{_domain(usual[2])}"
    _domain(f"a.{plain_domain[1]}")
    return f"{usual[1]}@{usual[2].lower()}"


@lru_cache(maxsize=_CACHED_ADDRESSES)
def _domain(domain: str) -> str:
    return validate_email(f"a@{domain}", check_deliverability=False).domain


def _written(text: str) -> list[str]:
    """What stands where an address should, in the order of the cell."""
    if plain(text) in _NONE:
        return []
    if "<" in text and ">" in text:
        outside = _NEXT_ADDRESS.split(_IN_BRACKETS.sub(";", text))
        text = ";".join([*_IN_BRACKETS.findall(text), *(part for part in outside if "@" in part)])
    found: list[str] = []
    for part in _NEXT_ADDRESS.split(text):
        words = [word for word in part.split() if word not in _BETWEEN]
        # A blank parts addresses, but does not make one of a word and an address.
        found += words if all("@" in word for word in words) else [" ".join(words)]
    return [re.sub(r"^mailto:", "", one, flags=re.IGNORECASE) for one in found]


def _e164(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException as error:
        hint = "" if country else "; give the country, or write the number with + and its country code"
        raise ValueError(f"phone: {error}{hint}") from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError("phone: not a number that a message can be sent to")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if country and _may_lack_its_plus(text, country, written):
        raise ValueError(
            "phone: it may begin with a country code or not: write it with + and its country code"
        )
    return written


def _may_lack_its_plus(text: str, country: str, written: str) -> bool:
    """Whether a spreadsheet may have taken the + before a country code, or else the 0 that the country begins with."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    if text.startswith(("+", "tel:")) or digits.startswith("0") or written == f"+{digits}":
        return False
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    own_code = str(phonenumbers.country_code_for_region(country))
    if not digits.startswith(own_code) and (metadata is None or metadata.national_prefix != "0"):
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
