"""What webhooks say at once, in the language of its reader: that an opt-out is obeyed, and the page of a link."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tactful.adapters import gsm7
from tactful.application.unsubscribe import UnsubscribePage
from tactful.domain.book.customer import Customer

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

WORDS = "unsubscribe.j2"
"""What the page of the link says."""
_OPT_OUT = "sms/opt_out.txt.j2"
_PAGE = "page/unsubscribe.html.j2"
_SOMEBODY = Customer("", "")


@dataclass(frozen=True, slots=True)
class WebhookWords:
    """Loads templates when the first words are needed. `language` and `country` are the business's own.

    For a number or a link that is nobody's, the words are in the business's language.
    """

    templates: Path
    language: str
    country: str
    business: str

    def opt_out(self, customer: Customer | None) -> str:
        """The one confirmation of an opt-out, in letters of an SMS."""
        environment, _ = self._environment(customer, _OPT_OUT, autoescape=False)
        said = environment.get_template(_OPT_OUT).render(business=self.business)
        return gsm7.spelled(" ".join(said.split()))

    def page(self, page: UnsubscribePage, customer: Customer | None) -> str:
        """What whoever follows the link to unsubscribe sees, as HTML."""
        environment, tag = self._environment(customer, WORDS, autoescape=True)
        words = environment.get_template(WORDS).make_module({"business": self.business})
        said = {name: value for name, value in vars(words).items() if not name.startswith("_")}
        return environment.get_template(_PAGE).render(said, language=tag, page=str(page))

    def _environment(
        self, customer: Customer | None, name: str, *, autoescape: bool
    ) -> tuple[ImmutableSandboxedEnvironment, str]:
        from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

        from tactful.adapters.languages import Languages, search_path  # noqa: PLC0415

        languages = Languages(self.templates, self.language, self.country)
        tongue = languages.tongue_for(customer or _SOMEBODY, name)
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(search_path(languages.templates, tongue.folders if tongue else ())),
            autoescape=autoescape,
            undefined=StrictUndefined,
        )
        return environment, str(tongue.locale).replace("_", "-") if tongue else "en"
