// small files of the state folder, written so that a reader sees all of one or none.
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { infrastructureErrors, stateError, systemCodeOf } from '../infrastructure/errors.ts'

/**
 * makes the state folder and its `run`, readable for nobody else than their user and group.
 * @throws STATE_READ_ONLY, STATE_FULL
 */
export function makeStateFolder(home: string): string {
  const run = `${home}/run`
  for (const folder of [home, run]) {
    try {
      makeFolder(folder)
    } catch (error) {
      throw stateError(error, folder) ?? infrastructureErrors.STATE_READ_ONLY({ value: folder, cause: error })
    }
  }
  return run
}

/** step by step and not `recursive`: below /proc, where nothing can be made, that never returns in Node 24. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder)
    // the umask does not decide who may read the state
    chmodSync(folder, 0o750)
  } catch (error) {
    const code = systemCodeOf(error)
    // a folder that is there keeps its mode: its owner may have chosen it
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return
    const parent = dirname(folder)
    if (code !== 'ENOENT' || parent === folder || existsSync(parent)) throw error
    makeFolder(parent)
    makeFolder(folder)
  }
}

/** replaces a file at once; mode 0600. @throws STATE_READ_ONLY, STATE_FULL */
export function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    // not synced: what these files say is over when the machine is
    writeFileSync(temporary, text, { mode: 0o600 })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw stateError(error, path) ?? error
  }
}

/** the same for what must outlive the loss of power: file and folder are synced. @throws STATE_READ_ONLY, STATE_FULL */
export function writeDurably(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    withDescriptor(temporary, 'w', (descriptor) => {
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    })
    renameSync(temporary, path)
    withDescriptor(dirname(path), 'r', fsyncSync)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw stateError(error, path) ?? error
  }
}

function withDescriptor(path: string, flags: string, work: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, 0o600)
  try {
    work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
