"""The words by which an opt-out is confirmed, once."""

from __future__ import annotations

from pathlib import Path

from tactful.adapters import gsm7


def opt_out_words(templates: Path, business: str) -> str:
    """`sms/opt_out.txt.j2`, in letters of an SMS."""
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    source = (templates / "sms" / "opt_out.txt.j2").read_text(encoding="utf-8")
    return gsm7.spelled(" ".join(environment.from_string(source).render(business=business).split()))
