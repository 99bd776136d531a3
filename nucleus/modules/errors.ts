// what can be wrong with a module: its manifest, its place in the graph, its start, its behaviour.
import { defineErrors, LotusError } from '../errors.ts'

export const moduleErrors = defineErrors({
  MANIFEST_INVALID: {
    title: 'a manifest can’t be used',
    fix: 'correct the fields that are named; config/manifest.schema.json describes all of them',
  },
  GRAPH_INVALID: {
    title: 'the modules don’t fit together',
    fix: 'correct what is named, one line each, in the manifests',
  },
  MODULE_UNKNOWN: {
    title: 'there is no module of this name',
    fix: '`lotus module list` shows all; a module is a folder under modules/ with a manifest.json',
  },
  MODULE_ELSEWHERE: {
    title: 'this module does not run on this nucleus',
    fix: '`roles` and `labels` of its manifest.json say where it runs; `lotus nodes` shows the nuclei of the system',
  },
  MODULE_INVALID: {
    title: 'a module’s code has another shape than a module',
    fix: 'module.ts must say `export default defineModule({ start(context) { … } })`',
  },
  MODULE_IMPORT_FAILED: {
    title: 'a module’s code can’t be imported',
    fix: 'correct the error that is named; `node modules/NAME/module.ts` shows it alone',
  },
  MODULE_PART_FAILED: {
    title: 'a part of a module can’t be loaded',
    fix: 'correct the error that is named, then `lotus module reload NAME`',
  },
  MODULE_START_FAILED: {
    title: 'a module did not start',
    fix: 'look at `lotus logs` for what it said before',
  },
  MODULE_START_TIMED_OUT: {
    title: 'a module took too long to start',
    fix: 'raise `startTimeoutMs` in its manifest, or let `start` only wire things up',
    retryable: true,
  },
  MODULE_SERVICES_DIFFER: {
    title: 'a module’s services are not those that its manifest provides',
    fix: 'return from `start` exactly the services that the manifest names under `provides`',
  },
  MODULE_REQUIRED: {
    title: 'other modules require this one',
    fix: 'unload those that are named first, or reload this one instead',
  },
  MODULE_KEPT: {
    title: 'this module is the way into LOTUS: nobody could load it again',
    fix: '`lotus module reload NAME` loads it anew, `lotus stop` ends LOTUS as a whole',
  },
  MODULE_BUSY: {
    title: 'this module is being loaded, reloaded or unloaded already',
    fix: 'wait until that has ended, then try again',
    retryable: true,
  },
  MODULE_PARKED: {
    title: 'a module was given up after too many restarts',
    fix: 'mend its last error (`lotus status`), then `lotus module load NAME`',
  },
  MODULE_WAITS: {
    title: 'a module waits for others that don’t run',
    fix: 'load those that are named; it then starts by itself',
    retryable: true,
  },
  MODULE_NOT_RUNNING: {
    title: 'this module does not run',
    fix: '`lotus module load NAME` starts it; `lotus module list` says why it stopped',
  },
  MODULE_ALREADY_LOADED: {
    title: 'this module runs already',
    fix: '`lotus module reload NAME` loads it anew',
  },
  MODULE_UNHEALTHY: {
    title: 'the new version of a module is not healthy',
    fix: 'the old version serves on; mend what its health says, then `lotus module reload NAME`',
  },
  MODULE_DEPENDENTS_OLD: {
    title: 'a module was reloaded with a new contract, and modules that know it were not',
    fix: 'mend what their errors say (`lotus status`), then reload those that are named',
  },
  MODULE_PROCESS_ENDED: {
    title: 'the process of a module has ended',
    fix: 'try again in a moment: it is started anew; `lotus status` says why it ended',
    retryable: true,
  },
  MODULE_PROCESS_BROKEN: {
    title: 'the process of a module can’t be started',
    fix: 'correct what is named; `lotus doctor` checks what a process needs',
  },
  MODULE_OVER_LIMIT: {
    title: 'the process of a module took more than its manifest allows and was ended',
    fix: 'let the module take less, or raise `limits` in its manifest',
    retryable: true,
  },
  MODULE_FLOODS: {
    title: 'the process of a module sends more than the nucleus takes',
    fix: 'let the module wait for its calls and emits, or raise `limits.messages` in its manifest',
    retryable: true,
  },
  MODULE_BUSY_CALLS: {
    title: 'too many calls to the process of a module are open',
    fix: 'wait for some of them to end',
    retryable: true,
  },
  MODULE_PROTOCOL: {
    title: 'the process of a module said what the protocol does not know',
    fix: 'restart LOTUS after an update, so that both sides are of the same version',
  },
  MODULE_STREAM_LEFT: { title: 'nobody reads this stream any more', fix: 'nothing: its reader has ended' },
  MODULE_VALUE_INVALID: {
    title: 'a value can’t cross the wall between modules',
    fix: 'pass plain data: JSON, dates, bytes, maps and sets; an AbortSignal only as a parameter of a call',
  },
  MODULE_EVENT_INVALID: {
    title: 'an event from the process of another module is not what its contract says',
    fix: 'mend the module that is named; its contract and what it emits differ',
  },
  MODULE_MESSAGE_TOO_LARGE: {
    title: 'what a module passes on is too large',
    fix: 'pass less at once: fewer rows, a part of a file, a stream',
  },
  MODULE_TEST_WAITED: {
    title: 'what a test waits for did not come in time',
    fix: 'look at what was missing last; `lotus module test NAME` runs the test alone',
  },
  MODULE_EXISTS: {
    title: 'there is a module of this name already',
    fix: 'choose another name; `lotus module list` shows all',
  },
  MODULE_NAME_INVALID: {
    title: 'a module can’t be called this',
    fix: 'take a lower case word of letters, digits and -, at most 40 long, such as weather',
  },
  MODULE_HASH_INVALID: {
    title: 'this is no hash of an archive',
    fix: 'write `sha256-` and the digest in base64 or hexadecimal, as its maker published it',
  },
  MODULE_HASH_DIFFERS: {
    title: 'the archive is not the one that this hash stands for',
    fix: 'fetch it again; where it still differs, ask its maker, and install nothing until you know why',
  },
  MODULE_ARCHIVE_DAMAGED: {
    title: 'this archive of a module can’t be used',
    fix: 'fetch it again; it must be a tar, tar.gz or zip with a manifest.json',
  },
  MODULE_ARCHIVE_UNSAFE: {
    title: 'this archive holds what no archive of a module may hold',
    fix: 'let its maker pack plain files and folders only, with plain names and each of them once',
  },
  MODULE_ARCHIVE_LARGE: {
    title: 'this archive of a module is too large',
    fix: 'let its maker pack less: at most 32 MiB, and unpacked 64 MiB in 2000 entries',
  },
  MODULE_FETCH_FAILED: {
    title: 'the archive could not be fetched',
    fix: 'look at the address and the network; a file that is here can be installed as well',
    retryable: true,
  },
  MODULE_NOT_INSTALLED: {
    title: 'this module was not installed from an archive',
    fix: 'one of your own is unloaded with `lotus module unload NAME`, and its folder is yours to remove',
  },
  MODULE_RECORD_DAMAGED: {
    title: 'the list of installed modules can’t be read',
    fix: 'mend or remove the file; what is installed then counts as your own',
  },
  MODULE_DEFINITIONS_UNREADABLE: {
    title: 'the contract or settings of a module can’t be read',
    fix: 'correct the error that is named: contract.ts and settings.ts hold definitions only',
  },
  NOT_IN_MANIFEST: {
    title: 'a module asked for something that its manifest does not name',
    fix: 'add it to the manifest',
  },
  SUBSCRIPTION_TWICE: {
    title: 'a module subscribes to the same event twice under one name',
    fix: 'give each subscription a `name` in its options',
  },
  STATE_INVALID: {
    title: 'a module handed over state that is not plain data or too large',
    fix: 'hand over JSON data of at most 1 MiB; keep more in the store',
  },
  HEALTH_TIMED_OUT: {
    title: 'a health check did not answer in time',
    fix: 'answer from what is known already; raise `healthTimeoutMs` in the manifest where it must ask others',
    retryable: true,
  },
})

/** an error that lists several problems at once, a line each below its title. */
export function listProblems(code: 'MANIFEST_INVALID' | 'GRAPH_INVALID', lines: readonly string[]): LotusError {
  const { title, fix } = moduleErrors.definitions[code]
  const message = `${title}:${lines.map((line) => `\n  ${line}`).join('')}`
  return new LotusError({ code, message, fix, retryable: false })
}
