"""The words by which an opt-out is confirmed, once, in the language of whoever opted out."""

from __future__ import annotations

from pathlib import Path

from tactful.adapters import gsm7
from tactful.domain.book.customer import Customer

_FILE = "sms/opt_out.txt.j2"
_SOMEBODY = Customer("", "")


def opt_out_words(
    templates: Path, language: str, country: str, business: str, customer: Customer | None
) -> str:
    """`sms/opt_out.txt.j2`, in letters of an SMS; in the business's language for a number that nobody has.

    Loaded when the first one is needed.
    """
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    from tactful.adapters.languages import Languages, search_path  # noqa: PLC0415

    languages = Languages(templates, language, country)
    tongue = languages.tongue_for(customer or _SOMEBODY, _FILE)
    places = search_path(languages.templates, tongue.folders if tongue else ())
    environment = ImmutableSandboxedEnvironment(loader=FileSystemLoader(places), undefined=StrictUndefined)
    return gsm7.spelled(" ".join(environment.get_template(_FILE).render(business=business).split()))
