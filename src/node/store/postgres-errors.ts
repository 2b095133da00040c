import { DataError } from "../../core/errors.ts";
import type { Told } from "../../core/text.ts";

type Failure = Error & { code?: string; errors?: Failure[] };

/** What PostgreSQL's codes and the network's mean: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sentences: readonly (readonly [codes: RegExp, said: Told, message?: RegExp])[] = [
  [
    /^28000$/,
    {
      en: "must be met as it asks, got a refusal of a connection without encryption. Add ?sslmode=verify-full to the URL; sslrootcert=FILE there names the authority that signed its certificate.",
      ja: "暗号化していない接続は拒否されます。URL に ?sslmode=verify-full を付け、証明書を発行した認証局のファイルを sslrootcert=ファイル で指定してください。",
    },
    /pg_hba\.conf.*(no encryption|SSL off)/,
  ],
  [
    /^28000$/,
    {
      en: "must let this user in from this computer, got no such line in its pg_hba.conf. Add one on the server, or check the user and the database in the URL.",
      ja: "サーバーの pg_hba.conf に、このコンピュータからのこのユーザーを許す行がありません。サーバーで加えるか、URL のユーザーとデータベースを確かめてください。",
    },
    /no pg_hba\.conf entry/,
  ],
  [
    /^$/,
    {
      en: "must offer encrypted connections, got a server without them. Turn ssl on there, or leave sslmode out of the URL.",
      ja: "サーバーが暗号化した接続に対応していません。サーバーで ssl を有効にするか、URL から sslmode を外してください。",
    },
    /server does not support SSL/,
  ],
  [
    /^$/,
    {
      en: "must be open, got one that is closed. Open it again.",
      ja: "すでに閉じられています。もう一度開いてください。",
    },
    /after calling end on the pool|driver has already been destroyed/,
  ],
  [
    /^28/,
    {
      en: "must let this user in, got a refusal of the user or the password. Check both in the URL.",
      ja: "ユーザーかパスワードが拒否されました。URL の両方を確かめてください。",
    },
  ],
  [
    /^3D000$/,
    {
      en: "must have this database, got none of that name. Make it (createdb) or correct the URL.",
      ja: "この名前のデータベースがありません。作る(createdb)か、URL を直してください。",
    },
  ],
  [
    /^42501$/,
    {
      en: "must let this user make its tables, got a refusal. Grant CREATE on the database.",
      ja: "テーブルを作る権限がありません。データベースの CREATE 権限を与えてください。",
    },
  ],
  [
    /^ENOTFOUND$|^EAI_AGAIN$/,
    {
      en: "must be reachable, got a host name that nobody knows. Check the host in the URL.",
      ja: "ホスト名が見つかりません。URL のホストを確かめてください。",
    },
  ],
  [
    /^ECONNREFUSED$/,
    {
      en: "must be reachable, got a refused connection. Is PostgreSQL running there, and the port right?",
      ja: "接続が拒否されました。PostgreSQL がそこで動いているか、ポートが正しいか確かめてください。",
    },
  ],
  [
    /^53100$/,
    {
      en: "needs free space, got a full disk. Free some; everything recorded before is kept.",
      ja: "ディスクに空きがありません。空きを作ってください。それまでの記録は残っています。",
    },
  ],
  [
    /^53300$/,
    {
      en: "must have a connection free, got too many already. Raise max_connections or run fewer workers.",
      ja: "接続数が上限に達しています。max_connections を増やすか、worker を減らしてください。",
    },
  ],
  [
    /^(ERR_OSSL|ERR_SSL|ERR_TLS|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH)/,
    {
      en: "must be met with certificates that both sides take, got a refusal. Check sslmode and the files of sslcert, sslkey and sslrootcert in the URL.",
      ja: "証明書が受け入れられませんでした。URL の sslmode と、sslcert、sslkey、sslrootcert のファイルを確かめてください。",
    },
  ],
];

/** Says in one sentence what went wrong with a database; an error that is neither PostgreSQL's nor the network's comes back. */
export function explainPostgres(error: unknown, where: string): unknown {
  const failure = innermost(error);
  const { code = "", message } = failure;
  const found = sentences.find(([codes, , says]) => codes.test(code) && (says?.test(message) ?? true));
  if (found !== undefined) {
    const [, { en, ja }] = found;
    return new DataError({ en: `study store ${where}: ${en}`, ja: `study store ${where}: ${ja}` }, { cause: error });
  }
  if (mayPass(error)) {
    return new DataError(
      {
        en: `study store ${where}: must answer, got "${message}" again and again. Check the server and the network; what was recorded is kept.`,
        ja: `study store ${where}: 応答がありません("${message}" が続いています)。サーバーとネットワークを確かめてください。それまでの記録は残っています。`,
      },
      { cause: error },
    );
  }
  if (/^[0-9A-Z]{5}$/.test(code) || /SSL|SASL|protocol/i.test(message ?? "")) {
    return new DataError(
      {
        en: `study store ${where}: must do as asked, got "${message}". Check that it is PostgreSQL.`,
        ja: `study store ${where}: 要求した操作ができませんでした("${message}")。PostgreSQL かどうか確かめてください。`,
      },
      {
        cause: error,
      },
    );
  }
  return error;
}

/**
 * Whether the same transaction may succeed if tried again: conflicts, a server that restarts, a connection that broke, a
 * disk that somebody may clear.
 */
export function mayPass(error: unknown): boolean {
  const { code = "", message = "" } = innermost(error);
  return (
    /^(40001|40P01|55P03|57P0[123]|57014|25P0[34]|53[0-9A-Z]{3}|08[0-9A-Z]{3})$/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/.test(
      code,
    ) ||
    /connection (terminated|ended|timeout)|Client has encountered a connection error|not queryable|timeout (exceeded|expired)|Query read timeout|has been discarded|transaction was aborted|aborted transaction/i.test(
      message,
    )
  );
}

/** A connection tried at several addresses fails with one error for each. */
function innermost(error: unknown): Failure {
  const failure = error as Failure;
  return failure.errors?.[0] ?? failure;
}
