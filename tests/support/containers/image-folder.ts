// the folder /opt/lotus of the image, laid out in a temporary folder as the Dockerfile would: its files, its packages.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, posix } from 'node:path'
import { copiesOfContext, filesOfContext, filesOfSource } from './build-context.ts'
import { project } from '../private-lotus.ts'

export interface ImageFolder {
  readonly path: string
  dispose(): void
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>
}

/** lays out what the last stage has; packages are those that `npm ci --omit=dev` leaves there. */
export function createImageFolder(): ImageFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'lotus-image-')))
  const context = filesOfContext()
  const copies = copiesOfContext()
  const last = Math.max(...copies.map(({ stage }) => stage))
  for (const { stage, sources, target } of copies) {
    if (stage !== last) continue
    for (const source of sources) {
      for (const file of filesOfSource(source, context)) {
        // a folder is copied as what is in it, a file by its name.
        const below =
          file === source ? posix.join(target, basename(file)) : posix.join(target, file.slice(source.length))
        mkdirSync(dirname(join(path, below)), { recursive: true })
        cpSync(join(project, file), join(path, below))
      }
    }
  }
  // where the first start writes what it has found and compiled.
  mkdirSync(join(path, '.runtime'), { mode: 0o700 })
  layPackages(path)
  return { path, dispose: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) }
}

/** links to the packages: LOTUS itself finds those of its image only. */
function layPackages(path: string): void {
  const { packages } = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')) as Lock
  const running = Object.entries(packages).filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true)
  for (const [folder] of running) {
    // those inside of others come with them.
    if (folder.lastIndexOf('node_modules/') > 0) continue
    mkdirSync(dirname(join(path, folder)), { recursive: true })
    symlinkSync(join(project, folder), join(path, folder))
  }
  // npm's last act, and how the start script knows that the tree is whole.
  writeFileSync(
    join(path, 'node_modules/.package-lock.json'),
    JSON.stringify({ packages: Object.fromEntries(running) }),
  )
}
