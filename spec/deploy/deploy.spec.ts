import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runConfig } from '../config/commandLine.js';
import { describeWith } from '../support/requires.js';
import { buildChecks, checked } from './check.js';

jest.setTimeout(60_000);

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string } } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: unknown;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold?: number;
}
interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas: number;
    readonly strategy: { readonly type: string };
    readonly selector: { readonly matchLabels: unknown };
    readonly template: {
      readonly metadata: { readonly labels: unknown };
      readonly spec: {
        readonly containers: readonly Container[];
        readonly enableServiceLinks: boolean;
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: unknown;
        readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string }; readonly secret?: { readonly secretName: string } }[];
      };
    };
  };
}

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
  readonly ports?: readonly { readonly host_ip?: string }[];
}

interface Module {
  readonly resources: readonly { readonly type: string; readonly name: string; readonly text: Readonly<Record<string, string>> }[];
}

describeWith('go', 'deploy/', () => {
  let folder: string;

  beforeAll(buildChecks, 600_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pages-viewed-deploy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A copy of a folder in which something stands otherwise. */
  const changed = (path: string, file: string, from: string, to: string): string => {
    cpSync(path, folder, { recursive: true });
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(folder, file), text.replace(from, to));
    return folder;
  };

  describe.each(['base', 'overlays/production'])('kubernetes/%s', (place) => {
    let objects: readonly KubernetesObject[];
    const the = (kind: string): KubernetesObject => {
      const [one, ...more] = objects.filter((it) => it.kind === kind);
      if (one === undefined || more.length > 0) throw new Error(`not one ${kind}`);
      return one;
    };
    beforeAll(() => {
      objects = JSON.parse(checked('manifests', join('deploy/kubernetes', place)));
    });

    test('is what Kubernetes knows, one object of each kind', () => {
      expect(objects.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Service', 'ServiceAccount']);
    });

    test('runs one instance, which stops before the next one starts, and has time for it', () => {
      const { spec } = the('Deployment');
      expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
      expect(spec.template.spec).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false, terminationGracePeriodSeconds: 30 });
      expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
      expect(the('Service').spec.selector).toEqual(spec.selector.matchLabels);
      expect(the('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1, selector: spec.selector });
    });

    test('gives the container no more than it needs', () => {
      const { containers: [container], securityContext } = the('Deployment').spec.template.spec;
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(container?.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect(container).toMatchObject({ resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } } });
    });

    test('asks the three probes at the port at which they are served, and lets a restore take its time', () => {
      const [container] = the('Deployment').spec.template.spec.containers;
      const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
      expect(probes.map((it) => it?.httpGet)).toEqual(['/startupz', '/livez', '/readyz'].map((path) => ({ path, port: 'http' })));
      expect(container?.ports).toEqual([{ name: 'http', containerPort: 8080 }]);
      const { periodSeconds = 0, failureThreshold = 0 } = container?.startupProbe ?? {};
      expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(300);
    });

    test('mounts what it names: a right configuration, and what that names in turn', () => {
      const { containers: [container], volumes } = the('Deployment').spec.template.spec;
      const { metadata, data = {} } = the('ConfigMap');
      expect(volumes.find((it) => it.configMap)?.configMap?.name).toBe(metadata.name);
      expect(container?.args).toEqual(['--config', '/etc/pages-viewed/pipeline.yaml']);
      const env = Object.fromEntries((container?.env ?? []).map(({ name }) => [name, 'secret']));
      const files = { '/etc/pages-viewed/pipeline.yaml': data['pipeline.yaml'] ?? '' };
      const config = runConfig([...(container?.args ?? [])], { env, files });
      expect(config).toMatchObject({ input: { _tag: 'PubSub' }, output: { _tag: 'Kafka' }, state: { _tag: 'Kafka' }, job: 'pages-viewed' });
      const ca = config.output._tag === 'Kafka' ? config.output.security.tls?.ca : undefined;
      const mounted = container?.volumeMounts.map(({ mountPath }) => mountPath) ?? [];
      expect(ca === undefined || mounted.some((path) => ca.startsWith(`${path}/`))).toBe(true);
      expect(container?.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort());
    });
  });

  test.each([
    { from: 'replicas: 1', to: 'replica: 1', says: /unknown field "spec\.replica"/ },
    { from: 'replicas: 1', to: 'replicas: one', says: /replicas/ },
    { from: 'kind: Deployment', to: 'kind: Deploiment', says: /Deploiment/ },
  ])('manifests with $to are refused', ({ from, to, says }) => {
    expect(() => checked('manifests', changed('deploy/kubernetes/base', 'deployment.yaml', from, to))).toThrow(says);
  });

  describe('compose.yaml', () => {
    let services: Readonly<Record<string, Service>>;
    beforeAll(() => {
      const compose: { services: Readonly<Record<string, Service>> } = JSON.parse(checked('compose', 'deploy/compose.yaml'));
      services = compose.services;
    });

    test('has all that it takes to try the whole', () => {
      expect(Object.keys(services).sort()).toEqual(['grafana', 'kafka', 'pipeline', 'prometheus', 'publisher', 'pubsub', 'topics']);
    });

    test('runs our image read-only, with right command lines', () => {
      for (const { build, read_only: isReadOnly, command = [], environment = {} } of Object.values(services)) {
        if (!build) continue;
        expect({ context: build.context, isReadOnly, environment }).toEqual({ context: process.cwd(), isReadOnly: true, environment: { PUBSUB_EMULATOR_HOST: 'pubsub:8085' } });
        if (command[0]?.startsWith('--') === true) expect(runConfig([...command], { env: environment })).toMatchObject({ state: { _tag: 'Kafka' } });
      }
    });

    test('creates the topics with the script that is tested, those that the pipeline writes to', () => {
      const { entrypoint: [script = ''] = [], command = [], volumes = [] } = services['topics'] ?? { image: '' };
      const mounted = volumes.find(({ target }) => script.startsWith(`${target}/`));
      expect(existsSync(join(mounted?.source ?? '', script.slice((mounted?.target ?? '').length)))).toBe(true);
      expect(command.join(' ')).toContain('--topics pages-viewed:3,pages-viewed.dead-letter:1');
    });

    test('mounts only what is there, and publishes ports to this machine only', () => {
      const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes).filter(({ type }) => type === 'bind');
      expect(mounts.filter(({ source }) => !existsSync(source))).toEqual([]);
      expect(Object.values(services).flatMap(({ ports = [] }) => ports).filter((it) => it.host_ip !== '127.0.0.1')).toEqual([]);
    });

    test('would be refused with a service that is not there, or a key that nobody knows', () => {
      const path = (): string => join(folder, 'compose.yaml');
      changed('deploy', 'compose.yaml', 'topics: {condition', 'topic: {condition');
      expect(() => checked('compose', path())).toThrow(/topic/);
      changed('deploy', 'compose.yaml', 'read_only: true', 'readonly: true');
      expect(() => checked('compose', path())).toThrow(/readonly/);
    });
  });

  describe('terraform/', () => {
    let resources: Module['resources'];
    const the = (type: string, name: string): Readonly<Record<string, string>> => {
      const it = resources.find((resource) => resource.type === type && resource.name === name);
      if (it === undefined) throw new Error(`no ${type}.${name}`);
      return it.text;
    };
    beforeAll(() => {
      const module: Module = JSON.parse(checked('terraform', 'deploy/terraform'));
      resources = module.resources;
    });

    test('delivers exactly once, waits between tries, and gives up late', () => {
      expect(the('google_pubsub_subscription', 'pages_viewed')).toMatchObject({
        enable_exactly_once_delivery: 'true', 'retry_policy.maximum_backoff': '"60s"',
        'dead_letter_policy.dead_letter_topic': 'google_pubsub_topic.given_up.id', 'dead_letter_policy.max_delivery_attempts': 'var.max_delivery_attempts',
      });
      expect(readFileSync('deploy/terraform/variables.tf', 'utf8')).toContain('var.max_delivery_attempts >= 20');
    });

    test('gives the topic the schema that is generated', () => {
      expect(the('google_pubsub_schema', 'page_view')).toMatchObject({ type: '"AVRO"', definition: 'file("${path.module}/page-view.avsc")' });
      expect(the('google_pubsub_topic', 'page_views')).toMatchObject({ 'schema_settings.schema': 'google_pubsub_schema.page_view.id', 'schema_settings.encoding': '"JSON"' });
    });

    test('lets the pipeline read one subscription and look at its settings, and nothing else', () => {
      const ours = resources.filter(({ text }) => text['member'] === 'google_service_account.pipeline.member');
      expect(ours.map(({ type, text }) => [type, text['role']])).toEqual([
        ['google_pubsub_subscription_iam_member', '"roles/pubsub.subscriber"'],
        ['google_pubsub_subscription_iam_member', 'google_project_iam_custom_role.looks.id'],
        ['google_secret_manager_secret_iam_member', '"roles/secretmanager.secretAccessor"'],
      ]);
      expect(the('google_project_iam_custom_role', 'looks')['permissions']).toBe('["pubsub.subscriptions.get"]');
    });

    test('runs a right command line, one instance of it', () => {
      const pool = the('google_cloud_run_v2_worker_pool', 'pipeline');
      expect(pool['scaling.manual_instance_count']).toBe('1');
      const values: Readonly<Record<string, string>> = {
        'google_pubsub_subscription.pages_viewed.id': 'projects/p/subscriptions/s', 'join(",", var.kafka_brokers)': 'a:1,b:2',
        'var.kafka_username': 'me', 'var.output_topic': 'pages', '"${var.output_topic}.dead-letter"': 'pages.dead-letter', 'var.name': 'job',
      };
      const words = [...(pool['template.containers.args'] ?? '').matchAll(/join\([^)]*\)|"[^"]*"|[\w.]+/g)].map(([word]) => values[word] ?? word.replace(/^"|"$/g, ''));
      const env = { [(pool['template.containers.env.name'] ?? '').replaceAll('"', '')]: 'secret' };
      expect(runConfig(words, { env })).toMatchObject({ state: { _tag: 'Kafka' }, job: 'job', output: { security: { sasl: { username: 'me', password: 'secret' } } } });
    });

    test.each([
      { from: 'project = var.project', to: 'project = var.projekt', file: 'versions.tf', says: /nothing is called var\.projekt/ },
      { from: 'project = var.project', to: 'project    = var.project', file: 'versions.tf', says: /not formatted/ },
      { from: 'resource "google_service_account"', to: 'resourse "google_service_account"', file: 'identity.tf', says: /no block of a module is called resourse/ },
      { from: 'account_id   = var.name', to: 'account_id   = [', file: 'identity.tf', says: /identity\.tf/ },
    ])('would be refused with $to', ({ file, from, to, says }) => {
      expect(() => checked('terraform', changed('deploy/terraform', file, from, to))).toThrow(says);
    });
  });
});
