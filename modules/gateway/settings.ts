// the gateway's settings: where it listens, who may ask, and the bounds of every wait and queue.
import { core } from '../../nucleus/settings/core.ts'
import { defineSettings } from '../../nucleus/settings/schema.ts'

export const settings = defineSettings({
  home: core.home,
  httpHost: core.httpHost,
  httpPort: core.httpPort,
  httpToken: core.httpToken,
  allowedHosts: {
    doc: 'further names, with or without port, that requests may be addressed to, separated by commas: those of a proxy or of a forwarded port.',
    format: 'string',
    default: '',
    env: 'LOTUS_HTTP_ALLOWED_HOSTS',
  },
  maxConnections: {
    doc: 'connections that are open at once; for one more, the one that has been asking for longest is closed.',
    format: 'integer',
    default: 2_048,
    min: 8,
    max: 65_536,
  },
  maxConnectionsPerPeer: {
    doc: 'connections that one address has open at once; for one more, its own that has been asking for longest is closed.',
    format: 'integer',
    default: 1_536,
    min: 8,
    max: 65_536,
  },
  maxStreams: {
    doc: 'live event streams that are open at once.',
    format: 'integer',
    default: 64,
    min: 1,
    max: 1_024,
  },
  maxGoals: {
    doc: 'goals whose outcome is waited for at once.',
    format: 'integer',
    default: 256,
    min: 1,
    max: 10_000,
  },
  bodyLimit: {
    doc: 'largest body of a request.',
    format: 'size',
    default: 1_048_576,
    min: 131_072,
    max: 16_777_216,
  },
  headersTimeoutMs: {
    doc: 'time in which the headers of a request must have come.',
    format: 'duration',
    default: 10_000,
    min: 100,
    max: 120_000,
  },
  requestTimeoutMs: {
    doc: 'time in which a whole request must have come.',
    format: 'duration',
    default: 30_000,
    min: 100,
    max: 600_000,
  },
  callTimeoutMs: {
    doc: 'time that another module has to answer a question of the gateway.',
    format: 'duration',
    default: 30_000,
    min: 100,
    max: 600_000,
  },
  goalWaitMs: {
    doc: 'time that a request waits for the outcome of its goal; the goal itself goes on.',
    format: 'duration',
    default: 900_000,
    min: 100,
    max: 86_400_000,
  },
  heartbeatMs: {
    doc: 'pause after which a live stream of events says that it still lives.',
    format: 'duration',
    default: 15_000,
    min: 50,
    max: 300_000,
  },
  stallMs: {
    doc: 'time that the reader of an answer may take nothing before it is closed; that of a stream may resume where it was.',
    format: 'duration',
    default: 15_000,
    min: 50,
    max: 300_000,
  },
})
