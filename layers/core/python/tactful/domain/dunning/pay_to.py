"""How an amount in one currency is paid: by transfer, by a link, by direct debit, or as the business puts it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, GetJsonSchemaHandler, field_validator, model_validator
from pydantic_core import CoreSchema

from tactful.domain.dunning.strict import Fault, Strict, refuse

# The order in which the fields of a transfer are stated.
_OF_A_TRANSFER = ("holder", "bank", "iban", "bic", "sort_code", "routing_number", "account_number")
_ACCOUNTS = frozenset({"iban", "account_number"})
_IBAN = r"^([A-Z]{2}[0-9]{2}[ 0-9A-Z]{11,38})?$"


class PayTo(Strict):
    """The details of one currency. A plain list of lines is shown as it stands, in every language.

    A transfer has an `iban` (SEPA), a `sort_code` and `account_number` (BACS) or a `routing_number` and
    `account_number` (ACH). The invoice numbers to quote are added by themselves.
    """

    holder: str = Field(default="", max_length=70, description="Who holds the account")
    bank: str = Field(default="", max_length=70, description="The bank's name")
    iban: str = Field(default="", pattern=_IBAN, description="SEPA: the account's IBAN")
    bic: str = Field(
        default="", pattern=r"^([A-Z0-9]{8}([A-Z0-9]{3})?)?$", description="SEPA: the bank's BIC"
    )
    sort_code: str = Field(
        default="", pattern=r"^([0-9]{2}-[0-9]{2}-[0-9]{2})?$", description="BACS: sort code"
    )
    routing_number: str = Field(default="", pattern=r"^([0-9]{9})?$", description="ACH: routing number")
    account_number: str = Field(default="", max_length=34, description="BACS or ACH: account number")
    link: str = Field(
        default="", pattern=r"^(https://[^\s]{4,300})?$", description="A page to pay on, by card"
    )
    direct_debit: bool = Field(default=False, description="Whether a direct debit may be set up with you")
    lines: tuple[str, ...] = Field(default=(), description="Anything else, in your own words, as it stands")

    @model_validator(mode="before")
    @classmethod
    def _from_lines(cls, said: Any) -> Any:
        return {"lines": said} if isinstance(said, list | tuple) else said

    @field_validator("iban")
    @classmethod
    def _checked(cls, iban: str) -> str:
        """ISO 13616: the check digits make the number 1 modulo 97."""
        plain = iban.replace(" ", "")
        if plain and int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 != 1:
            raise ValueError(f"{iban} is no IBAN: its check digits do not fit; compare it with your bank's")
        return iban

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults: list[Fault] = []
        if not (self.iban or self.account_number or self.link or self.direct_debit or self.lines):
            faults.append(((), "it has at least 1 item: say an iban, an account_number, a link or lines"))
        if (self.iban or self.account_number) and not self.holder:
            faults.append((("holder",), "say who holds the account"))
        if (self.sort_code or self.routing_number) and not self.account_number:
            faults.append((("account_number",), "say the number of the account"))
        refuse("PayTo", faults)
        return self

    @property
    def transfer(self) -> tuple[tuple[str, str], ...]:
        """What to fill in for a transfer: each field's name and value."""
        if not any(getattr(self, name) for name in _ACCOUNTS):
            return ()
        return tuple((name, getattr(self, name)) for name in _OF_A_TRANSFER if getattr(self, name))

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        fields = handler.resolve_ref_schema(handler(core))
        lines = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        return {"anyOf": [lines, fields]}
