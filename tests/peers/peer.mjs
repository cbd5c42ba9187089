// Supabase's REST and Auth dialect in front of a real PostgreSQL, on 127.0.0.1 and a port the kernel picks.
// Environment: POSTGRES_URL, JWT_SECRET, PUBLISHABLE_KEY, SECRET_KEY. Prints "ready PORT" on a line of its own.
// Ends when its standard input is closed, so that it never outlives the tests.
import { serve } from "@hono/node-server";
import { App } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";

const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const asIs = (text) => text;

// Hosted Supabase prints 2026-05-30T18:00:00+00:00, PostgreSQL itself 2026-05-30 18:00:00+00.
const withT = (text) => text.replace(" ", "T");
const withOffset = (text) => withT(text).replace(/([+-]\d\d)$/, "$1:00");

const app = new App({
  connection: createPostgresConnection({
    url: process.env.POSTGRES_URL,
    postgresOptions: {
      max: 8,
      onnotice: () => {},
      types: {
        timestamp: { to: TIMESTAMP, from: [TIMESTAMP], serialize: asIs, parse: withT },
        timestamptz: { to: TIMESTAMPTZ, from: [TIMESTAMPTZ], serialize: asIs, parse: withOffset },
      },
    },
  }),
  auth: {
    enabled: true,
    jwt_secret: process.env.JWT_SECRET,
    publishable_key: process.env.PUBLISHABLE_KEY,
    secret_key: process.env.SECRET_KEY,
  },
  options: { server: { admin: false } },
});

serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, { incoming }) => app.fetch(request, { peerAddress: incoming.socket.remoteAddress ?? null }),
  },
  ({ port }) => console.log(`ready ${port}`),
);

// A database that is restarted cuts connections that nobody waits for; the service outlives that.
for (const fault of ["uncaughtException", "unhandledRejection"]) process.on(fault, (error) => console.error(error));

process.stdin.on("close", () => process.exit(0)).resume();
