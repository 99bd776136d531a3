// goals in a folder, one a line, and behind `=>` the traces that serve each, with what their steps are given.
import { names } from '../support.ts'

export const folder = names(
  'package.json',
  'README.md',
  'src/',
  'src/main.js',
  'src/util.js',
  'src/lib/',
  'src/lib/parse.ts',
  'src/lib/format.ts',
  'src/styles.css',
  'tests/',
  'tests/main.test.js',
  'docs/',
  'docs/guide.md',
  'docs/faq.md',
  'scripts/',
  'scripts/build.sh',
  'data/',
  'data/sample.json',
  'shortcut',
  'assets/',
)

export const goals = `
which javascript files live under src? => find.files {"query":{"recursive":true,"extensions":["js","mjs","cjs","jsx"],"root":"src"}}
typescript files, please list them => find.files {"query":{"recursive":true,"extensions":["ts","tsx","mts","cts"]}}
let me know which ts files there are => find.files {"query":{"recursive":true,"extensions":["ts"]}}
I need to find all the ts files => find.files {"query":{"recursive":true,"extensions":["ts"]}}
do we have ts files anywhere? => find.files {"query":{"recursive":true,"extensions":["ts"]}}
could you hunt down every .ts file => find.files {"query":{"recursive":true,"extensions":["ts"]}}
show all the files ending in ts => find.files {"query":{"recursive":true,"name_ends":"ts"}}
whereabouts is parse.ts => find.by_name {"query":{"name_equals":"parse.ts","kind":"any","hidden":true}}
parse.ts - where is it? => find.by_name {"query":{"name_equals":"parse.ts","kind":"any","hidden":true}}
find out where parse.ts is => find.by_name {"query":{"name_equals":"parse.ts","kind":"any","hidden":true}}
how many typescript files does src have => find.count {"query":{"recursive":true,"extensions":["ts","tsx","mts","cts"],"root":"src"},"answer":"count"}
src has how many ts files? => find.count {"query":{"recursive":true,"extensions":["ts"],"root":"src"},"answer":"count"}
number of js files under src please => find.count {"query":{"recursive":true,"extensions":["js"],"root":"src"},"answer":"count"}
count js files, subfolders included => find.count {"query":{"recursive":true,"extensions":["js"]},"answer":"count"}
what's the count of md files in docs => find.count {"query":{"recursive":true,"extensions":["md"],"root":"docs"},"answer":"count"}
tell me how many files docs contains => find.count {"query":{"recursive":false,"root":"docs"},"answer":"count"}
files in docs: how many? => find.count {"query":{"recursive":false,"root":"docs"},"answer":"count"}
which file in src is the biggest? => find.files {"query":{"recursive":true,"root":"src","sort":"size","order":"descending","limit":1}}
what's the largest thing in src => find.files {"query":{"recursive":false,"sort":"size","order":"descending","limit":1,"kind":"any","root":"src"}}
give me the three smallest files => find.files {"query":{"recursive":true,"limit":3,"sort":"size","order":"ascending"}}
which files are larger than 1 KB => find.files {"query":{"recursive":true,"larger_than":1000}}
anything over 500 bytes in src? => find.files {"query":{"recursive":true,"larger_than":500,"root":"src"}}
everything smaller than 1 KB, please => find.files {"query":{"recursive":false,"kind":"any","smaller_than":1000}}
show files bigger than 1 kilobyte, biggest first => find.files {"query":{"recursive":true,"larger_than":1000,"sort":"size","order":"descending"}}
what was modified most recently => find.files {"query":{"sort":"modified","order":"descending","limit":1}}
show me what changed in the last hour => find.files {"query":{"recursive":true,"modified_within_ms":3600000}}
list files not modified in the last 3 days => find.files {"query":{"recursive":true,"older_than_ms":259200000}}
anything newer than README.md? => find.files {"query":{"recursive":true,"newer_than_file":"README.md"}}
files that were changed after README.md => find.files {"query":{"recursive":true,"newer_than_file":"README.md"}}
files with guide in the name => find.files {"query":{"recursive":true,"name_contains":"guide"}}
is there anything called guide around? => find.files {"query":{"recursive":true,"name_equals":"guide"}}
find something named guide => find.files {"query":{"recursive":true,"name_equals":"guide"}}
files whose name contains "guide" => find.files {"query":{"recursive":true,"name_contains":"guide"}}
the files that have "guide" in their names => find.files {"query":{"recursive":true,"name_contains":"guide"}}
which files start with "main" => find.files {"query":{"recursive":true,"name_starts":"main"}}
all files whose names begin with "main" => find.files {"query":{"recursive":true,"name_starts":"main"}}
files that mention "export" => find.files {"query":{"recursive":true,"contains":"export","ignore_case":true}}
which ts files use "export" => text.search_files {"text":"export","query":{"recursive":true,"extensions":["ts"]},"answer":"files"}
in which js files is "export" used => text.search_files {"text":"export","query":{"recursive":true,"extensions":["js"]},"answer":"files"}
look for "export" in the js files under src => text.search_files {"text":"export","query":{"recursive":true,"extensions":["js"],"root":"src"},"root":"src","answer":"files"}
where in src is "export" used? => text.search {"text":"export","root":"src","answer":"lines"}
does "export" appear anywhere in src? => text.search {"text":"export","root":"src","answer":"lines"}
grep "export" in all js files => text.search_files {"text":"export","query":{"recursive":true,"extensions":["js"]},"answer":"files"}
which lines of src/main.js contain "export" => text.search {"text":"export","root":"src/main.js","answer":"lines"}
js or ts files => find.files {"query":{"recursive":true,"extensions":["js","ts"]}}
all js and ts files under src => find.files {"query":{"recursive":true,"extensions":["js","ts"],"root":"src"}}
everything except js files => find.files {"query":{"recursive":false,"kind":"any","except":{"extensions":["js"]}}}
list the js files but not the tests folder => find.files {"query":{"recursive":true,"extensions":["js"],"except":{"names":["tests"]}}}
empty folders, if any => find.files {"query":{"recursive":true,"empty":true,"kind":"folder"}}
any empty directories around? => find.files {"query":{"recursive":true,"empty":true,"kind":"folder"}}
which directories have nothing in them => find.files {"query":{"recursive":true,"kind":"folder","empty":true}}
executable files => find.files {"query":{"recursive":true,"executable":true}}
how much do the js files weigh => find.space_of_set {"query":{"recursive":true,"extensions":["js"]},"answer":"size"}
how big are the js files together => find.space_of_set {"query":{"recursive":true,"extensions":["js"]},"answer":"size"}
combined size of all md files => find.space_of_set {"query":{"recursive":true,"extensions":["md"]},"answer":"size"}
total size of the ts files under src => find.space_of_set {"query":{"recursive":true,"extensions":["ts"],"root":"src"},"answer":"size"}
which folder is the biggest => disk.largest_folder {"order":"descending","limit":1}
list folders only => files.list {"kind":"folder"}
what folders are there? => files.list {"kind":"folder"}
`
