import type { Guide } from './help.js';

/** The commands, as they introduce themselves. */
export const guides = {
  run: {
    name: 'run',
    usage: '[run] [flags]',
    summary: 'GA4 page views in, time on page out. Without flags: synthetic traffic, results as JSON lines on stdout.',
    examples: [
      'pages-viewed                                            # a demonstration that needs nothing else',
      'pages-viewed --input events.ndjson --output results.ndjson',
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
  emulator: {
    name: 'emulator',
    usage: 'emulator [flags]',
    summary: 'Serves the embedded Pub/Sub for local use; it keeps everything in memory.',
    examples: ['pages-viewed emulator --port 8085', 'PUBSUB_EMULATOR_HOST=localhost:8085 pages-viewed --input_subscription projects/P/subscriptions/S'],
    exitCodes: { 0: 'it was stopped', 1: 'it could not listen', 2: 'wrong configuration' },
  },
} satisfies Readonly<Record<string, Guide>>;
