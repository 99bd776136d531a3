// the settings of LOTUS itself; modules declare theirs in modules/NAME/settings.ts.
import type { SettingsOf } from './schema.ts'
import { defineSettings } from './schema.ts'

/**
 * the core's settings. a module that needs one of them declares it again by reference
 * (`httpPort: core.httpPort`): both then have the same value, set in one place.
 */
export const core = defineSettings({
  home: {
    doc: 'folder of everything that LOTUS keeps: token, databases, logs, sockets, workspace.',
    format: 'path',
    default: '~/.lotus',
    env: 'LOTUS_HOME',
  },
  httpHost: {
    doc: 'address that the HTTP interface listens on; beyond loopback an explicit token is required.',
    format: 'string',
    default: '127.0.0.1',
    env: 'LOTUS_HTTP_HOST',
  },
  httpPort: {
    doc: 'port of the HTTP interface; 0 takes a free one.',
    format: 'port',
    default: 8000,
    env: 'LOTUS_HTTP_PORT',
  },
  httpToken: {
    doc: 'bearer token of the HTTP interface; empty takes the one in LOTUS_HOME/token, which is made at the first start.',
    format: 'string',
    default: '',
    env: 'LOTUS_HTTP_TOKEN',
    sensitive: true,
  },
  postgresUrl: {
    doc: 'a Postgres database for the store and durable flows; empty keeps both in SQLite.',
    format: 'url',
    default: '',
    env: 'LOTUS_POSTGRES_URL',
    sensitive: true,
  },
  redisUrl: {
    doc: 'a Redis server for journal and cache; empty keeps both inside the process.',
    format: 'url',
    default: '',
    env: 'LOTUS_REDIS_URL',
    sensitive: true,
  },
  chromaUrl: {
    doc: 'a ChromaDB server for long-term memory; `local://chroma` starts one as a child of LOTUS, empty searches in SQLite.',
    format: 'url',
    default: '',
    env: 'LOTUS_CHROMA_URL',
    sensitive: true,
  },
  journalDurability: {
    doc: 'what an event in the journal survives: `normal` the death of the process, `strict` the loss of power.',
    format: ['normal', 'strict'],
    default: 'normal',
    env: 'LOTUS_JOURNAL_DURABILITY',
  },
  inlineModules: {
    doc: 'whether modules of LOTUS_HOME/modules may say that they run in the nucleus’ own process, where nothing keeps them from anything.',
    format: 'boolean',
    default: false,
  },
  role: {
    doc: 'what this process is: the `nucleus` of a system, or a `worker` that takes work from the Redis and the Postgres of one.',
    format: ['nucleus', 'worker'],
    default: 'nucleus',
    env: 'LOTUS_ROLE',
  },
  labels: {
    doc: 'what this machine has that not every one of a system has, separated by commas, such as `gpu`; modules may ask for it.',
    format: 'string',
    default: '',
    env: 'LOTUS_LABELS',
  },
  execUser: {
    doc: 'not used in this version, reserved for a later one: user that commands run as where LOTUS is started as root; empty refuses commands there.',
    format: 'string',
    default: '',
    env: 'LOTUS_EXEC_USER',
  },
  logLevel: {
    doc: 'least severe lines that are logged.',
    format: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    env: 'LOTUS_LOG_LEVEL',
    hot: true,
  },
  logFileSize: {
    doc: 'size at which the log file in LOTUS_HOME/logs is rotated.',
    format: 'size',
    default: 10_485_760,
    min: 65_536,
  },
  logFiles: {
    doc: 'rotated log files that are kept beside the current one.',
    format: 'integer',
    default: 5,
    min: 0,
    max: 1000,
  },
  logMaxAge: {
    doc: 'age at which a rotated log file is removed, counted from its last line.',
    format: 'duration',
    default: 7_776_000_000,
    min: 3_600_000,
  },
  journalMaxAge: {
    doc: 'age at which events that everybody has handled are dropped from the journal.',
    format: 'duration',
    default: 2_592_000_000,
    min: 3_600_000,
  },
  journalMaxSize: {
    doc: 'bytes of the journal beyond which its oldest handled events are dropped.',
    format: 'size',
    default: 536_870_912,
    min: 1_048_576,
  },
  databaseCheckInterval: {
    doc: 'how often it is checked in the background whether the databases are whole; 0 never does.',
    format: 'duration',
    default: 86_400_000,
    min: 0,
  },
  ollamaHost: {
    doc: "address of an Ollama server, in the form of Ollama's own variable; empty looks at 127.0.0.1:11434.",
    format: 'string',
    default: '',
    env: 'OLLAMA_HOST',
  },
  anthropicApiKey: {
    doc: 'key for models of Anthropic.',
    format: 'string',
    default: '',
    env: 'ANTHROPIC_API_KEY',
    sensitive: true,
  },
  openaiApiKey: {
    doc: 'key for models of OpenAI.',
    format: 'string',
    default: '',
    env: 'OPENAI_API_KEY',
    sensitive: true,
  },
  googleApiKey: {
    doc: 'key for models of Google.',
    format: 'string',
    default: '',
    env: 'GOOGLE_GENERATIVE_AI_API_KEY',
    sensitive: true,
  },
  volumesPath: {
    doc: 'not used in this version, reserved for a later one: folder of the skill volumes; empty is LOTUS_HOME/volumes.',
    format: 'path',
    default: '',
    env: 'LOTUS_VOLUMES_PATH',
    aliases: ['LLMOS_VOLUMES_PATH'],
  },
  minPatternCount: {
    doc: 'not used in this version, reserved for a later one: times that something must have been done before it is proposed as a skill.',
    format: 'integer',
    default: 3,
    env: 'LOTUS_MIN_PATTERN_COUNT',
    aliases: ['LLMOS_MIN_PATTERN_COUNT'],
    min: 1,
  },
  minSuccessRate: {
    doc: 'not used in this version, reserved for a later one: share of successes from which a pattern is proposed as a skill.',
    format: 'number',
    default: 0.7,
    env: 'LOTUS_MIN_SUCCESS_RATE',
    aliases: ['LLMOS_MIN_SUCCESS_RATE'],
    min: 0,
    max: 1,
  },
  data: {
    doc: 'folder of the test data; only tests read it.',
    format: 'path',
    default: '',
    env: 'LOTUS_DATA',
  },
  withoutData: {
    doc: 'tests that need the test data are skipped; only tests read it.',
    format: 'boolean',
    default: false,
    env: 'LOTUS_WITHOUT_DATA',
  },
})

/** the typed values of the core's settings. */
export type CoreSettings = SettingsOf<typeof core>
