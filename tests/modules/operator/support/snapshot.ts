// everything that can be seen of a folder: names, kinds, modes, owners, times to the nanosecond, contents, links.
import { hash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** one line an entry, sorted; two equal snapshots are two equal folders. */
export function snapshot(root: string, options: { skip?: (path: string) => boolean } = {}): string[] {
  const lines: string[] = []
  const visit = (path: string): void => {
    if (options.skip?.(path) === true) return
    const absolute = join(root, path)
    const stats = lstatSync(absolute, { bigint: true })
    const looks = `${path} ${(Number(stats.mode) & 0o7777).toString(8)} ${stats.uid}:${stats.gid} ${stats.mtimeNs}`
    if (stats.isSymbolicLink()) lines.push(`${looks} link ${readlinkSync(absolute)}`)
    else if (stats.isDirectory()) {
      lines.push(`${looks} folder`)
      for (const name of readdirSync(absolute).sort()) visit(join(path, name))
    } else lines.push(`${looks} file ${hash('sha256', readFileSync(absolute))}`)
  }
  visit('.')
  return lines
}
