// reads the code of an error that the system has raised, such as ENOENT.

/** empty where there is none. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
