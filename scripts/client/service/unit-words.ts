// words of a unit file, systemd.syntax(7).
import { serviceErrors } from './errors.ts'

/** a word in systemd's quotes; `%` would be replaced. @throws SERVICE_PATH_UNFIT */
export function quote(word: string): string {
  // oxlint-disable-next-line no-control-regex -- what a line of a unit can't hold
  if (/[\u0000-\u001f\u007f]/.test(word)) throw serviceErrors.SERVICE_PATH_UNFIT({ value: word })
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`
}

/** the same for a command line, where variables are replaced as well. @throws SERVICE_PATH_UNFIT */
export function quoteCommand(word: string): string {
  return quote(word).replaceAll('$', '$$$$')
}
