import type { RunSettings } from './runSettings.js';

/** Whether to encrypt, and who we are. */
export interface KafkaSecurity {
  /** Undefined: in the clear. */
  readonly tls: KafkaTls | undefined;
  /** Undefined: nobody. */
  readonly sasl: KafkaSasl | undefined;
}

/** Paths of PEM files. */
export interface KafkaTls {
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export type KafkaSasl =
  | { readonly [M in PasswordMechanism]: { readonly mechanism: M; readonly username: string; readonly password: string } }[PasswordMechanism]
  | { readonly mechanism: 'oauthbearer'; readonly tokenUrl: string; readonly clientId: string; readonly clientSecret: string; readonly scope: string | undefined };

type PasswordMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

type SecuritySettings = Pick<RunSettings, Extract<keyof RunSettings, `kafka_tls${string}` | 'kafka_sasl_mechanism' | 'kafka_username' | 'kafka_password' | `kafka_token_${string}`>>;

export const kafkaSecurity = (settings: SecuritySettings): KafkaSecurity => ({ tls: tlsOf(settings), sasl: saslOf(settings) });

const tlsOf = ({ kafka_tls: isOn, kafka_tls_ca: ca, kafka_tls_certificate: certificate, kafka_tls_key: key }: SecuritySettings): KafkaTls | undefined =>
  isOn ? { ca, certificate, key } : undefined;

const saslOf = (settings: SecuritySettings): KafkaSasl | undefined => {
  const { kafka_sasl_mechanism: mechanism, kafka_username: username, kafka_password: password, kafka_token_url: tokenUrl } = settings;
  if (username === undefined || password === undefined) return undefined;
  if (mechanism !== 'oauthbearer') return { mechanism, username, password };
  return tokenUrl === undefined ? undefined : { mechanism, tokenUrl, clientId: username, clientSecret: password, scope: settings.kafka_token_scope };
};
