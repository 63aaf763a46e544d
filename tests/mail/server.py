"""A mail server that takes what it is given, and says what it took: one line of JSON on standard output for each mail.

The only argument is JSON:
  tls        "none", "starttls" (nothing is taken before the connection is encrypted) or "tls" (from the first byte)
  chain      the certificate and its key, in one file (PEM)
  user, password   who may hand mail in; nobody has to log in without them
  refuse     answers to the first mails, in order, such as "451 4.3.0 later"
  port       where it listens; whichever is free without it
The first line is the port. A mail that is refused and a login that is wrong are a line as well. It ends with its standard input.
"""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

SETTINGS = json.loads(sys.argv[1])
TLS = SETTINGS.get("tls", "none")


def say(value):
    print(json.dumps(value), flush=True)


class Taker:
    def __init__(self):
        self.refusals = list(SETTINGS.get("refuse", []))

    async def handle_DATA(self, server, session, envelope):
        if self.refusals:
            answer = self.refusals.pop(0)
            say({"refused": answer})
            return answer
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "headers": mail.items(),
                "text": mail.get_content(),
                "encrypted": TLS == "tls" or session.ssl is not None,
                "user": session.auth_data,
            }
        )
        return "250 taken"


def log_in(server, session, envelope, mechanism, data):
    wanted = (SETTINGS["user"].encode(), SETTINGS["password"].encode())
    if isinstance(data, LoginPassword) and (data.login, data.password) == wanted:
        return AuthResult(success=True, auth_data=SETTINGS["user"])
    say({"wrong": mechanism})
    return AuthResult(success=False, handled=False)


def protocol(taker):
    needs_login = "user" in SETTINGS
    starttls = TLS == "starttls"
    return SMTP(
        taker,
        hostname="localhost",
        tls_context=context() if starttls else None,
        require_starttls=starttls,
        authenticator=log_in if needs_login else None,
        auth_required=needs_login,
        # It cannot see that a connection was encrypted from the first byte.
        auth_require_tls=starttls,
    )


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(SETTINGS["chain"])
    return made


async def main():
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    taker, outer = Taker(), context() if TLS == "tls" else None
    server = await asyncio.get_running_loop().create_server(lambda: protocol(taker), "127.0.0.1", SETTINGS.get("port", 0), ssl=outer)
    say(server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
