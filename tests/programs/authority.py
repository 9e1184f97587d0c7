"""Which certificate authorities the clients of programs trust."""

import contextlib
import os


def trust_one(folder):
    """Has clients read one certificate authority instead of all of them, which is half of their work here.

    The tests' server speaks plain HTTP.
    """
    with contextlib.suppress(ImportError):
        import certifi

        end = "-----END CERTIFICATE-----\n"
        file = os.path.join(folder, "authority.pem")
        with open(file, "w") as one:
            one.write(certifi.contents().partition(end)[0] + end)
        os.environ["SSL_CERT_FILE"] = file
