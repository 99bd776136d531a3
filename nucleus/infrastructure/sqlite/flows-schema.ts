// the version of the tables of durable flows; apart, because whoever looks into the file needs no engine.
export const flowSchemaVersion = 1
