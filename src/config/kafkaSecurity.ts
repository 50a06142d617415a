import type { RunSettings } from './runSettings.js';

/** Whether to encrypt, and who we are, in kafkajs's words. */
export interface KafkaSecurity {
  readonly ssl: boolean;
  readonly sasl?: Sasl;
}

type Sasl = { readonly [M in SaslMechanism]: { readonly mechanism: M; readonly username: string; readonly password: string } }[SaslMechanism];
type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

type SecuritySettings = Pick<RunSettings, 'kafka_tls' | 'kafka_sasl_mechanism' | 'kafka_username' | 'kafka_password'>;

export const kafkaSecurity = ({ kafka_tls: ssl, kafka_sasl_mechanism: mechanism, kafka_username: username, kafka_password: password }: SecuritySettings): KafkaSecurity =>
  username === undefined || password === undefined ? { ssl } : { ssl, sasl: { mechanism, username, password } };
