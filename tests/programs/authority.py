"""Which certificate authorities the clients of programs trust."""

import contextlib
import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "target/programs"


def trust_one():
    """Has clients read one certificate authority instead of all of them, which is half of their work here.

    The tests' server speaks plain HTTP.
    """
    with contextlib.suppress(ImportError):
        import certifi

        end = "-----END CERTIFICATE-----\n"
        FOLDER.mkdir(parents=True, exist_ok=True)
        file = FOLDER / "authority.pem"
        # Others may read it at the same time.
        written = FOLDER / f"authority-{os.getpid()}.pem"
        written.write_text(certifi.contents().partition(end)[0] + end)
        written.replace(file)
        os.environ["SSL_CERT_FILE"] = str(file)
