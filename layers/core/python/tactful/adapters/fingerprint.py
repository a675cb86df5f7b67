"""What tells two sets of rules apart without reading them: a hash over the policy's files and the settings."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(policies: Path, *settings: object, files: str = "*.yaml") -> str:
    """A short hash of the policies and packs in a folder, and of the settings that decisions depend on.

    The same for any folder of rules whose files have names like `files`.
    """
    digest = hashlib.sha256(repr([str(setting) for setting in settings]).encode())
    for path in sorted(policies.rglob(files)):
        digest.update(f"\0{path.relative_to(policies)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
