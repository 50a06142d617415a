import type { Guide } from './help.js';

/** The commands, as they introduce themselves. */
export const guides = {
  run: {
    name: 'run',
    usage: '[run] [flags]',
    summary: 'GA4 page views in, time on page out; other products by --product. Without flags: synthetic traffic, results as JSON lines on stdout.',
    examples: [
      'pages-viewed                                            # a demonstration that needs nothing else',
      'pages-viewed --input events.ndjson --output results.ndjson',
      'pages-viewed --product checkout --window_size 1800 --input events.ndjson --output checkouts.ndjson',
      'pages-viewed --input recorded.ndjson --clock recorded --output -   # the same output every time',
      'pages-viewed --input_subscription projects/P/subscriptions/S --kafka_brokers localhost:9092 --output_topic pages-viewed',
      'pages-viewed --config pipeline.yaml --window_size 120 --print_config',
    ],
    exitCodes: {
      0: 'the input came to its end, or a stop was asked for and all that was read is written and acknowledged',
      1: 'a failure that --max_restarts restarts did not mend',
      2: 'wrong configuration: every error is listed on stderr, nothing was read',
      4: 'another instance has taken over the job: do not restart this one',
      130: 'a second signal ended it at once',
    },
  },
  publish: {
    name: 'publish',
    usage: 'publish [flags]',
    summary: 'Publishes synthetic GA4 traffic, or recorded events, to a Pub/Sub topic.',
    examples: [
      'pages-viewed publish --topic projects/P/topics/T --rate 1000 --duration 60',
      'pages-viewed publish --topic projects/P/topics/T --input events.ndjson',
      'PUBSUB_EMULATOR_HOST=localhost:8085 pages-viewed publish --create --topic projects/P/topics/T --subscription projects/P/subscriptions/S',
    ],
    exitCodes: { 0: 'everything is published', 1: 'the topic did not take it', 2: 'wrong configuration' },
  },
  redrive: {
    name: 'redrive',
    usage: 'redrive [flags]',
    summary: 'Sends dead letters again, from their topic or file to a Pub/Sub topic or a file. None is sent again that was sent before.',
    examples: [
      'pages-viewed redrive --from pages-viewed.dead-letter --kafka_brokers localhost:9092 --dry_run',
      'pages-viewed redrive --from pages-viewed.dead-letter --config pipeline.yaml --reason invalid --topic projects/P/topics/T --rate 100',
      'pages-viewed redrive --from results.ndjson.dead-letter.ndjson --since 2025-01-30T15:00:00Z --output again.ndjson',
    ],
    exitCodes: { 0: 'all that were wanted are sent, or refused and counted; or a signal ended it after what it had in hand', 1: 'they cannot be read, or were not taken', 2: 'wrong configuration' },
  },
  explain: {
    name: 'explain',
    usage: 'explain [flags]',
    summary: 'Tells what happened to a session, and why: of a recording all of it, as a picture, in words, or as a regression test; of a job what its state holds.',
    examples: [
      'pages-viewed explain --input recorded.ndjson --session 8349277121.1738251002',
      'pages-viewed explain --input recorded.ndjson --session 8349277121.1738251002 --as_diagram > marbles/pipeline.question.marbles.ts',
      'pages-viewed explain --job my-job --kafka_brokers localhost:9092 --session 8349277121.1738251002',
    ],
    exitCodes: { 0: 'it is explained', 1: 'nothing is known of the session, or it cannot be read', 2: 'wrong configuration' },
  },
  emulator: {
    name: 'emulator',
    usage: 'emulator [flags]',
    summary: 'Serves the embedded Pub/Sub for local use; it keeps everything in memory.',
    examples: ['pages-viewed emulator --port 8085', 'PUBSUB_EMULATOR_HOST=localhost:8085 pages-viewed --input_subscription projects/P/subscriptions/S'],
    exitCodes: { 0: 'it was stopped', 1: 'it could not listen', 2: 'wrong configuration' },
  },
  simulate: {
    name: 'simulate',
    usage: 'simulate [flags]',
    summary: 'Runs the pipeline in simulated worlds where everything goes wrong, and checks what comes out.',
    examples: [
      'pages-viewed simulate --seed 1 --seeds 1000                    # until one fails, or none does',
      'pages-viewed simulate --seed 7 --faults crash,fence,timeout --trace',
      'pages-viewed simulate --seed 7 --keep m3,m4,f0 --trace         # the least that fails, as a failure names it',
    ],
    exitCodes: { 0: 'in every world all is as it should be', 1: 'a seed failed: what, and the least that brings it about, is on stdout', 2: 'wrong configuration' },
  },
  'state inspect': {
    name: 'state inspect',
    usage: 'state [inspect] [flags]',
    summary: 'Tells what is kept of a job in Kafka, and whether it can be gone on with. Changes nothing; the job may run.',
    examples: [
      'pages-viewed state inspect --job my-job --kafka_brokers localhost:9092',
      'pages-viewed state --config pipeline.yaml --json | jq .state.sessions',
    ],
    exitCodes: { 0: 'there is a state that a run can go on with, or none yet', 1: 'no run can restore it, it cannot be read, or nothing has ever been kept of the job', 2: 'wrong configuration' },
  },
  'state export': {
    name: 'state export',
    usage: 'state export [flags]',
    summary: 'Writes the open sessions of a job as JSON lines. Changes nothing; the job may run.',
    examples: [
      "pages-viewed state export --config pipeline.yaml | jq -c 'select(.kind == \"session\") | [.session_id, .window.end]'",
      'pages-viewed state export --job my-job --kafka_brokers localhost:9092 --output state.ndjson',
    ],
    exitCodes: { 0: 'all of it is written', 1: 'it cannot be restored, or cannot be read or written', 2: 'wrong configuration' },
  },
  'state reset': {
    name: 'state reset',
    usage: 'state reset [flags]',
    summary: 'Gives the state of a job up, so that its next run starts anew. What is lost is told first; --yes does it.',
    examples: ['pages-viewed state reset --config pipeline.yaml', 'pages-viewed state reset --job my-job --kafka_brokers localhost:9092 --yes'],
    exitCodes: { 0: 'the state is given up', 1: 'there is none, or Kafka refused', 2: 'wrong configuration, or --yes is missing: nothing was changed' },
  },
  compare: {
    name: 'compare',
    usage: 'compare [flags]',
    summary: 'Compares the results of two pipelines: what differs, how often, and why. Reads topics or files, changes nothing.',
    examples: [
      'pages-viewed compare --left old-pages-viewed --right pages-viewed --kafka_brokers localhost:9092',
      "pages-viewed compare --left beam.ndjson --right results.ndjson --since 2025-02-03T00:00:00Z --until 2025-02-10T00:00:00Z --accept last_page,rounding",
      'pages-viewed compare --left old.ndjson --right pages-viewed --right_dead_letters pages-viewed.dead-letter --kafka_brokers localhost:9092 --format html --report compared.html',
    ],
    exitCodes: { 0: 'they are the same, but for what --accept names', 1: 'they differ: the report says where and why', 2: 'wrong configuration', 3: 'a topic or a file could not be read, or the report could not be written' },
  },
} satisfies Readonly<Record<string, Guide>>;
