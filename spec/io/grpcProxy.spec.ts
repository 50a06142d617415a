import { throughProxy } from '../../src/io/grpcProxy.js';

const PROXY = 'http://proxy.example.com:3128';
const DIRECT = { 'grpc.enable_http_proxy': 0 };

test.each([
  { host: 'pubsub.googleapis.com', no: '', options: {} },
  { host: 'pubsub.googleapis.com', no: 'pubsub.googleapis.com', options: DIRECT },
  { host: 'pubsub.googleapis.com', no: 'a.com, .googleapis.com', options: DIRECT },
  { host: 'pubsub.googleapis.com', no: '*.googleapis.com', options: DIRECT },
  { host: 'pubsub.googleapis.com', no: 'googleapis.com', options: DIRECT },
  { host: 'pubsub.googleapis.com', no: '*', options: DIRECT },
  { host: 'notgoogleapis.com', no: 'googleapis.com', options: {} },
  { host: 'localhost', no: '', options: DIRECT },
  { host: '127.0.0.1', no: '', options: DIRECT },
  { host: '::1', no: '', options: DIRECT },
])('$host with NO_PROXY "$no"', ({ host, no, options }) => {
  expect(throughProxy(host, { HTTPS_PROXY: PROXY, NO_PROXY: no })).toEqual(options);
});

test('the proxy is that of HTTPS_PROXY, or else of HTTP_PROXY, and gRPC is told of it', () => {
  const told = (environment: NodeJS.ProcessEnv): string | undefined => {
    throughProxy('pubsub.googleapis.com', environment);
    return environment['grpc_proxy'];
  };
  expect(told({ HTTPS_PROXY: PROXY, HTTP_PROXY: 'http://other' })).toBe(PROXY);
  expect(told({ http_proxy: PROXY })).toBe(PROXY);
  expect(told({ HTTPS_PROXY: '', https_proxy: PROXY })).toBe(PROXY);
  expect(told({ grpc_proxy: 'http://mine', HTTPS_PROXY: PROXY })).toBe('http://mine');
  expect(told({})).toBeUndefined();
});
