// what can go wrong in an action, beyond what tree and changes report themselves.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const actionErrors = defineErrors({
  SAME_PLACE: {
    title: 'source and target are the same',
    fix: 'name another target',
  },
  INTO_ITSELF: {
    title: 'a folder cannot be put into itself',
    fix: 'name a target outside the folder',
  },
  NAMES_CLASH: {
    title: 'several things would get the same name',
    fix: 'do it in several steps, with a target of its own for each',
  },
  TARGET_NOT_FOLDER: {
    title: 'the target is not a folder',
    fix: 'name a folder as the target',
  },
  WRONG_KIND: {
    title: 'what is there is of another kind',
    fix: 'say whether the file or the folder is meant',
  },
  NOT_EMPTY: {
    title: 'this is no empty folder',
    fix: 'look at what is in it, or say that it shall go with all that is in it',
  },
  NOT_TEXT: {
    title: 'this is not a text file',
    fix: 'ask for its size or date, or name a text file',
  },
  NOT_UTF8: {
    title: 'only text in UTF-8 can be edited, and this is in another encoding',
    fix: 'convert the file to UTF-8 first',
  },
  TOO_LONG_TO_SHOW: {
    title: 'the file is too long to show whole',
    fix: 'ask for its first or last lines, or search in it',
  },
  NO_SUCH_LINE: {
    title: 'the file has no such line',
    fix: 'ask how many lines the file has',
  },
  LINES_BACKWARDS: {
    title: 'this span of lines ends before it begins',
    fix: 'name the smaller number first',
  },
  DATA_UNREADABLE: {
    title: 'this is not valid json',
    fix: 'mend the file at the place that is named',
  },
  NO_SUCH_COLUMN: {
    title: 'the table has no such column',
    fix: 'name a column of its first row',
  },
  NOT_NUMBERS: {
    title: 'not all of this column is numbers',
    fix: 'name a column of numbers, or look at the column first',
  },
  MODE_UNCLEAR: {
    title: 'this is not a file mode that can be set',
    fix: "use three octal digits such as '644', or letters such as 'u+x' or 'go-w'",
  },
  TOO_MANY_MATCHES: {
    title: 'more files match than can be handled at once',
    fix: 'narrow the search, for example to a folder or a kind of file',
  },
  QUERY_UNCLEAR: {
    title: 'the search cannot be understood',
    fix: 'simplify the pattern',
  },
  ARCHIVE_KIND: {
    title: 'archives of this kind are not supported',
    fix: 'use a name ending in .zip, .tar, .tar.gz or .tgz',
  },
  ARCHIVE_DAMAGED: {
    title: 'the archive is damaged or not an archive',
    fix: 'get a fresh copy of it',
  },
  ARCHIVE_UNSAFE: {
    title: 'the archive holds something that is not extracted, so nothing was changed',
    fix: 'list the archive to see what it holds, and get it from a source that you trust',
  },
  ARCHIVE_TOO_LARGE: {
    title: 'the archive is beyond the limits',
    fix: 'use a smaller archive: at most 10,000 entries and 1 GiB',
  },
  ARCHIVE_LOCKED: {
    title: 'the archive is encrypted',
    fix: 'extract it with the program that made it',
  },
  NOT_IN_ARCHIVE: {
    title: 'the archive has no such entry',
    fix: 'list the archive to see the names in it',
  },
  CHANGED_MEANWHILE: {
    title: 'a file changed while it was being read',
    fix: 'try again',
    retryable: true,
  },
  NOT_SUPPORTED_HERE: {
    title: 'this is not supported on this machine',
    fix: 'use the tool that the system brings for it',
  },
  NO_REPOSITORY: {
    title: 'this folder is not in a git repository',
    fix: 'go to a folder of a git repository, or name one',
  },
  REPOSITORY_UNREADABLE: {
    title: 'the git repository cannot be read',
    fix: 'look at it with git itself',
  },
  NO_COMMITS: {
    title: 'the git repository has no commits yet',
    fix: 'commit something first',
  },
})
