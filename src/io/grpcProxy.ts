import type { ChannelOptions } from '@grpc/grpc-js';

type Environment = NodeJS.ProcessEnv;

/** In the order in which the rest of Google's client looks for one. */
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * Options of a gRPC channel to a host, so that it takes the way that the rest of Google's client takes:
 * through the proxy of `HTTPS_PROXY`, unless `NO_PROXY` names the host, or a domain it is in, or `*`. This
 * machine is never looked for through a proxy.
 *
 * gRPC knows these variables in small letters only, so the proxy is told to it as `grpc_proxy`, in `environment`.
 */
export const throughProxy = (host: string, environment: Environment): ChannelOptions => {
  const proxy = PROXIES.map((it) => environment[it]).find((it) => it !== undefined && it !== '');
  if (proxy !== undefined) environment['grpc_proxy'] ??= proxy;
  return isLocal(host) || isExempt(host, environment['NO_PROXY'] ?? environment['no_proxy'] ?? '') ? { 'grpc.enable_http_proxy': 0 } : {};
};

const isLocal = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || /^\[?::1\]?$/.test(host);

const isExempt = (host: string, list: string): boolean =>
  list.split(',').map((it) => it.trim().replace(/^\*(?=\.)/, '')).some((it) => it === '*' || it === host || (it !== '' && host.endsWith(it.startsWith('.') ? it : `.${it}`)));
