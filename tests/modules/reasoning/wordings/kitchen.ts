// goals in a folder, one a line, and behind `=>` the traces that serve each, with what their steps are given.
import { names } from '../support.ts'

export const folder = names(
  'recipes/',
  'recipes/pancakes.txt',
  'recipes/lentil soup.txt',
  'recipes/Crème brûlée.txt',
  'pantry.csv',
  'shopping.txt',
  'guests.txt',
  'menu.txt',
  'menu-draft.txt',
  'timer.cfg',
  'timer.cfg.bak',
  'bills/',
  'bills/jan.pdf',
  'bills/feb.pdf',
  'bills/old/',
  'bills/old/2019.pdf',
  'scraps/',
  'scraps/x1.bak',
  'scraps/x2.bak',
  'scraps/label.txt',
  'pictures/',
  'pictures/tart.jpg',
  'pictures/trout.jpg',
  'pictures/logo.svg',
  'to sort/',
  'blank.txt',
)

export const goals = `
set up a directory plans/2026/autumn/week1, parents and all => files.make_folder {"paths":["plans/2026/autumn/week1"]}
pantry.csv needs one more row at the bottom: "salt,3" => files.append {"path":"pantry.csv","text":"salt,3"}
cat recipes/Crème brûlée.txt => files.read {"path":"recipes/Crème brûlée.txt"}
the directory "to sort" is empty, so remove it => files.delete {"paths":["to sort"]} IF [{"path":"to sort","is":"empty"}]
wipe out the scraps folder with all its contents => files.delete {"paths":["scraps"]}
is there any passport-scan.pdf in here? => files.exists {"path":"passport-scan.pdf"}
the contents of menu-draft.txt should be replaced with "cancelled" => files.overwrite {"path":"menu-draft.txt","text":"cancelled"}
i want 3 directories here: north, south and middle => files.make_folder {"paths":["north","south","middle"]}
count the .md files, the ones in subfolders too => find.count {"query":{"recursive":true,"extensions":["md"]},"answer":"count"}
files under 10 kilobytes in the bills folder please, subfolders too => find.files {"query":{"recursive":true,"smaller_than":10000,"root":"bills"}}
grep for lentil in every file here => text.search {"text":"lentil","answer":"lines"}
which of these files have the word "eggs" in them? look in the subfolders as well => find.files {"query":{"recursive":true,"contains":"eggs","ignore_case":true}}
which file got changed most recently? => find.files {"query":{"recursive":true,"sort":"modified","order":"descending","limit":1}}
do any filenames contain "walrus"? => find.files {"query":{"recursive":true,"name_contains":"walrus"}}
how long is shopping.txt in characters? => text.count {"path":"shopping.txt","what":"characters"}
leaving repeats aside, how many lines has shopping.txt got? => text.count {"path":"shopping.txt","what":"distinct_lines"}
shopping.txt has some entries twice - take the duplicate lines out of the file => text.remove_duplicates {"path":"shopping.txt","operation":"unique"}
in timer.cfg, 180 should become 200 => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
"recipes/lentil soup.txt" - how many lines is that? => text.count {"path":"recipes/lentil soup.txt","what":"lines"}
a file named list.txt should exist with "eggs" in it => find.files {"query":{"recursive":true,"name_equals":"list.txt should","contains":"eggs","ignore_case":true}}
would you kindly start me a file called list.txt that says "eggs" => files.create_with_text {"path":"list.txt","text":"eggs"}
list.txt needs creating, with the text "eggs" in it => files.create_with_text {"path":"list.txt","text":"eggs"}
I want "eggs" saved in a new file, list.txt => files.create_with_text {"path":"list.txt","text":"eggs"}
there should be an empty file called list.txt here => files.create_empty {"path":"list.txt"}
let there be a folder named jars => files.make_folder {"paths":["jars"]}
make sure there's a folder called jars => files.make_folder {"paths":["jars"]}
I could use a directory named jars => files.make_folder {"paths":["jars"]}
jars - make that a new folder please => files.make_folder {"paths":["jars"]}
a directory by the name of jars needs to be created => files.make_folder {"paths":["jars"]}
set me up with a folder called jars => files.make_folder {"paths":["jars"]}
can a folder called jars be created? => files.make_folder {"paths":["jars"]}
folders needed: jars, lids and labels => files.make_folder {"paths":["jars","lids","labels"]}
make me 2 folders, jars and lids => files.make_folder {"paths":["jars","lids"]}
the line "salt" should go at the end of shopping.txt => files.append {"path":"shopping.txt","text":"salt"}
shopping.txt: add "salt" at the end => files.append {"path":"shopping.txt","text":"salt"}
stick another line in shopping.txt, "salt" => files.append {"path":"shopping.txt","text":"salt"}
"salt" needs adding to shopping.txt => files.append {"path":"shopping.txt","text":"salt"}
"salt" belongs at the bottom of shopping.txt => files.append {"path":"shopping.txt","text":"salt"}
add one more line to shopping.txt saying "salt" => files.append {"path":"shopping.txt","text":"salt"}
shopping.txt is missing "salt", please add it => files.append {"path":"shopping.txt","text":"salt"}
put "salt" in shopping.txt as the last line => files.append {"path":"shopping.txt","text":"salt"}
could "salt" be added to shopping.txt? => files.append {"path":"shopping.txt","text":"salt"}
I want "salt" added to shopping.txt => files.append {"path":"shopping.txt","text":"salt"}
I forgot "salt" on shopping.txt, add it => files.append {"path":"shopping.txt","text":"salt"}
what's written in menu.txt? => files.read {"path":"menu.txt"}
let's have a look at menu.txt => files.read {"path":"menu.txt"}
menu.txt - what does it say? => files.read {"path":"menu.txt"}
what does menu.txt say => files.read {"path":"menu.txt"}
show what's inside menu.txt => files.read {"path":"menu.txt"}
I want to read menu.txt => files.read {"path":"menu.txt"}
I need to know what menu.txt says => files.read {"path":"menu.txt"}
what text is in menu.txt => files.read {"path":"menu.txt"}
read menu.txt to me => files.read {"path":"menu.txt"}
what have I written in menu.txt => files.read {"path":"menu.txt"}
open menu.txt so I can read it => files.read {"path":"menu.txt"}
please could I see what menu.txt has in it => files.read {"path":"menu.txt"}
the contents of menu.txt please => files.read {"path":"menu.txt"}
display the full text of menu.txt => files.read {"path":"menu.txt"}
menu.txt should be deleted => files.delete {"paths":["menu.txt"]}
I want menu.txt gone => files.delete {"paths":["menu.txt"]}
menu.txt has to go => files.delete {"paths":["menu.txt"]}
make menu.txt disappear => files.delete {"paths":["menu.txt"]}
menu.txt can be thrown away => files.delete {"paths":["menu.txt"]}
you can throw menu.txt away => files.delete {"paths":["menu.txt"]}
menu.txt is no longer needed, get rid of it => files.delete {"paths":["menu.txt"]}
could menu.txt be removed? => files.delete {"paths":["menu.txt"]}
take menu.txt out of here => files.delete {"paths":["menu.txt"]}
menu.txt: delete => files.delete {"paths":["menu.txt"]}
ditch menu.txt would you => files.delete {"paths":["menu.txt"]}
the file menu.txt needs deleting => files.delete {"paths":["menu.txt"]}
trash the scraps folder and everything inside => files.delete {"paths":["scraps"]}
menu.txt should be copied to menu2.txt => files.copy {"from":["menu.txt"],"to":"menu2.txt"}
a copy of menu.txt called menu2.txt would be nice => files.copy {"from":"menu.txt","to":"menu2.txt"}
keep a second copy of menu.txt as menu2.txt => files.copy {"from":"menu.txt","to":"menu2.txt"}
menu.txt needs to be copied into bills => files.copy {"from":["menu.txt"],"to":"bills"}
put a copy of menu.txt into bills => files.copy {"from":["menu.txt"],"to":"bills"}
could you duplicate menu.txt as menu2.txt => files.copy {"from":"menu.txt","to":"menu2.txt"}
menu.txt belongs in bills => files.move {"from":["menu.txt"],"to":"bills"}
menu.txt should be in the bills folder => files.move {"from":["menu.txt"],"to":"bills"}
menu.txt is in the wrong place, move it to bills => files.move {"from":["menu.txt"],"to":"bills"}
I'd like menu.txt moved to bills => files.move {"from":["menu.txt"],"to":"bills"}
take menu.txt and put it in bills => files.move {"from":["menu.txt"],"to":"bills"}
get menu.txt into bills => files.move {"from":["menu.txt"],"to":"bills"}
menu.txt ought to live in bills => files.move {"from":["menu.txt"],"to":"bills"}
menu.txt should be named dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
give menu.txt the name dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
the new name of menu.txt should be dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
menu.txt needs a new name: dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
let menu.txt be called dinner.txt from now on => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
I'd rather menu.txt was called dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
I'd appreciate a new file, soup.txt, containing "boil water" => files.create_with_text {"path":"soup.txt","text":"boil water"}
new file soup.txt, contents "boil water" => files.create_with_text {"path":"soup.txt","text":"boil water"}
write a file soup.txt that contains "boil water" => files.create_with_text {"path":"soup.txt","text":"boil water"}
put together a text file named soup.txt which says "boil water" => files.create_with_text {"path":"soup.txt","text":"boil water"}
"boil water" goes into a new file named soup.txt => files.create_with_text {"path":"soup.txt","text":"boil water"}
store "boil water" under the name soup.txt => files.create_with_text {"path":"soup.txt","text":"boil water"}
please have a file soup.txt made with "boil water" inside => files.create_with_text {"path":"soup.txt","text":"boil water"}
make a soup.txt and write "boil water" in it => files.create_with_text {"path":"soup.txt","text":"boil water"}
soup.txt: new file with the text "boil water" => files.create_with_text {"path":"soup.txt","text":"boil water"}
in a new file soup.txt, write "boil water" => files.create_with_text {"path":"soup.txt","text":"boil water"}
we need a folder for sauces, call it sauces => files.make_folder {"paths":["sauces"]}
would you create the directories pots and pans => files.make_folder {"paths":["pots","pans"]}
a new directory, pots => files.make_folder {"paths":["pots"]}
how about making a folder named pots? => files.make_folder {"paths":["pots"]}
inside bills, make me a folder called 2020 => files.make_folder {"paths":["bills/2020"]}
a folder 2020 should be made inside bills => files.make_folder {"paths":["bills/2020"]}
bills needs a subfolder called 2020 => files.make_folder {"paths":["bills/2020"]}
stick "butter" on the end of shopping.txt => files.append {"path":"shopping.txt","text":"butter"}
shopping.txt should also contain "butter" => files.append {"path":"shopping.txt","text":"butter"}
"butter" ought to be on shopping.txt, append it => files.append {"path":"shopping.txt","text":"butter"}
append to shopping.txt: "butter" => files.append {"path":"shopping.txt","text":"butter"}
append the following to shopping.txt: "butter" => files.append {"path":"shopping.txt","text":"butter"}
please add butter to shopping.txt => files.append {"path":"shopping.txt","text":"butter"}
one more thing for shopping.txt: "butter" => files.append {"path":"shopping.txt","text":"butter"}
I'd like "butter" appended to shopping.txt => files.append {"path":"shopping.txt","text":"butter"}
let "butter" be added to shopping.txt => files.append {"path":"shopping.txt","text":"butter"}
at the end of shopping.txt there should be "butter" => files.append {"path":"shopping.txt","text":"butter"}
give me a look at guests.txt => files.read {"path":"guests.txt"}
guests.txt, show it => files.read {"path":"guests.txt"}
would you read out guests.txt => files.read {"path":"guests.txt"}
dump guests.txt on the screen => files.read {"path":"guests.txt"}
what have we got in guests.txt => files.read {"path":"guests.txt"}
pull up guests.txt for me will you => files.read {"path":"guests.txt"}
mind showing me guests.txt? => files.read {"path":"guests.txt"}
may I see guests.txt? => files.read {"path":"guests.txt"}
guests.txt contents? => files.read {"path":"guests.txt"}
what are the contents of guests.txt? => files.read {"path":"guests.txt"}
the text of guests.txt, please => files.read {"path":"guests.txt"}
tell me what guests.txt contains => files.read {"path":"guests.txt"}
whats in guests.txt => files.read {"path":"guests.txt"}
lose menu-draft.txt => files.delete {"paths":["menu-draft.txt"]}
menu-draft.txt - bin it => files.delete {"paths":["menu-draft.txt"]}
we can do without menu-draft.txt, delete it => files.delete {"paths":["menu-draft.txt"]}
I'm done with menu-draft.txt, you can delete it => files.delete {"paths":["menu-draft.txt"]}
menu-draft.txt can be binned => files.delete {"paths":["menu-draft.txt"]}
I have no use for menu-draft.txt any more, remove it please => files.delete {"paths":["menu-draft.txt"]}
please see to it that menu-draft.txt is deleted => files.delete {"paths":["menu-draft.txt"]}
make sure menu-draft.txt is gone => files.delete {"paths":["menu-draft.txt"]}
menu-draft.txt and timer.cfg.bak should be deleted => files.delete {"paths":["menu-draft.txt","timer.cfg.bak"]}
both menu-draft.txt and timer.cfg.bak can go => files.delete {"paths":["menu-draft.txt","timer.cfg.bak"]}
put menu-draft.txt in the trash => files.delete {"paths":["menu-draft.txt"]}
would you mind deleting menu-draft.txt? => files.delete {"paths":["menu-draft.txt"]}
menu-draft.txt is to be deleted => files.delete {"paths":["menu-draft.txt"]}
I no longer need menu-draft.txt, so delete it => files.delete {"paths":["menu-draft.txt"]}
menu-draft.txt is useless now. remove it => files.delete {"paths":["menu-draft.txt"]}
get shot of the scraps folder => files.delete {"paths":["scraps"]}
copy menu.txt, naming the copy dinner.txt => files.copy {"from":"menu.txt","to":"dinner.txt"}
duplicate menu.txt into dinner.txt => files.copy {"from":["menu.txt"],"to":"dinner.txt"}
menu.txt should get a copy named dinner.txt => files.copy {"from":["menu.txt"],"to":"dinner.txt"}
menu.txt should be duplicated as dinner.txt => files.copy {"from":"menu.txt","to":"dinner.txt"}
let me have a copy of menu.txt called dinner.txt => files.copy {"from":"menu.txt","to":"dinner.txt"}
there should be a copy of menu.txt in bills => files.copy {"from":["menu.txt"],"to":"bills"}
bills should get a copy of menu.txt => files.copy {"from":["menu.txt"],"to":"bills"}
a copy of menu.txt should go into bills => files.copy {"from":["menu.txt"],"to":"bills"}
back menu.txt up as menu.bak => files.copy {"from":"menu.txt","to":"menu.bak"}
I want a duplicate of menu.txt in bills => files.copy {"from":["menu.txt"],"to":"bills"}
menu.txt: copy it to bills => files.copy {"from":["menu.txt"],"to":"bills"}
transfer menu.txt to the bills folder => files.move {"from":["menu.txt"],"to":"bills"}
menu.txt wants to be in bills => files.move {"from":["menu.txt"],"to":"bills"}
stick menu.txt in the bills directory please => files.move {"from":["menu.txt"],"to":"bills"}
drop menu.txt into bills => files.move {"from":["menu.txt"],"to":"bills"}
please relocate menu.txt to bills => files.move {"from":["menu.txt"],"to":"bills"}
the file menu.txt should live in bills from now on => files.move {"from":["menu.txt"],"to":"bills"}
menu.txt goes into bills => files.move {"from":["menu.txt"],"to":"bills"}
bills is where menu.txt belongs => files.move {"from":["menu.txt"],"to":"bills"}
move menu.txt and guests.txt over to bills => files.move {"from":["menu.txt","guests.txt"],"to":"bills"}
have menu.txt moved to bills => files.move {"from":["menu.txt"],"to":"bills"}
change the name of menu.txt to dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
menu.txt is called wrong, rename it to dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
rename menu.txt, make it dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
from now on menu.txt is called dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
let's rename menu.txt to dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
could menu.txt be renamed dinner.txt? => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
call menu.txt dinner.txt from now on => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
the file menu.txt must be renamed to dinner.txt => files.rename {"from":"menu.txt","to":"dinner.txt","into":false}
the folder bills should be called invoices => files.rename {"from":"bills","to":"invoices","into":false}
replace what menu.txt says with "closed" => files.overwrite {"path":"menu.txt","text":"closed"}
menu.txt should say only "closed" => files.overwrite {"path":"menu.txt","text":"closed"}
overwrite menu.txt, the new text is "closed" => files.overwrite {"path":"menu.txt","text":"closed"}
the new contents of menu.txt should be "closed" => files.overwrite {"path":"menu.txt","text":"closed"}
menu.txt's contents should become "closed" => files.overwrite {"path":"menu.txt","text":"closed"}
throw away what's in menu.txt and write "closed" instead => files.overwrite {"path":"menu.txt","text":"closed"}
let menu.txt say "closed" => files.overwrite {"path":"menu.txt","text":"closed"}
clear menu.txt => files.clear {"path":"menu.txt","text":""}
wipe menu.txt clean => files.clear {"path":"menu.txt","text":""}
menu.txt should be emptied => files.clear {"path":"menu.txt","text":""}
everything in menu.txt should be erased, but keep the file => files.clear {"path":"menu.txt","text":""}
empty out the scraps directory => files.empty_folder {"query":{"root":"scraps","kind":"any","recursive":false,"hidden":true}}
the scraps folder should be emptied => files.empty_folder {"query":{"root":"scraps","kind":"any","recursive":false,"hidden":true}}
remove all the contents of scraps but keep the folder => files.empty_folder {"query":{"root":"scraps","kind":"any","recursive":false,"hidden":true}}
rm everything inside scraps => files.empty_folder {"query":{"root":"scraps","kind":"any","recursive":false,"hidden":true}}
shall we create a folder named spices? => files.make_folder {"paths":["spices"]}
please could there be a folder called spices => files.make_folder {"paths":["spices"]}
I was wondering if you could make a folder called spices => files.make_folder {"paths":["spices"]}
a couple of folders: red and blue => files.make_folder {"paths":["red","blue"]}
three folders are needed: red, blue and green => files.make_folder {"paths":["red","blue","green"]}
a new text file plan.txt with "go" as its content => files.create_with_text {"path":"plan.txt","text":"go"}
plan.txt should be a new file with "go" in it => files.create_with_text {"path":"plan.txt","text":"go"}
put "go" into plan.txt => files.create_with_text {"path":"plan.txt","text":"go"}
pls creat a file plan.txt with "go" in it => files.create_with_text {"path":"plan.txt","text":"go"}
mkae a directory called spices => files.make_folder {"paths":["spices"]}
the words "thank you" should be appended to guests.txt => files.append {"path":"guests.txt","text":"thank you"}
guests.txt needs "Zoe" at the end => files.append {"path":"guests.txt","text":"Zoe"}
guests.txt needs the line "Zoe" added => files.append {"path":"guests.txt","text":"Zoe"}
add Zoe to the bottom of guests.txt => files.append {"path":"guests.txt","text":"Zoe"}
at the top of guests.txt, add "List" => files.prepend {"path":"guests.txt","text":"List","position":"start"}
"List" should come first in guests.txt => files.prepend {"path":"guests.txt","text":"List","position":"start"}
quickly show me what menu.txt says => files.read {"path":"menu.txt"}
what does it say in menu.txt? => files.read {"path":"menu.txt"}
so what's in menu.txt then? => files.read {"path":"menu.txt"}
let's see menu.txt => files.read {"path":"menu.txt"}
I'd like menu.txt displayed => files.read {"path":"menu.txt"}
menu.txt, what's in there? => files.read {"path":"menu.txt"}
can you tell me what's written in menu.txt => files.read {"path":"menu.txt"}
print menu.txt's contents => files.read {"path":"menu.txt"}
delte menu-draft.txt => files.delete {"paths":["menu-draft.txt"]}
menu-draft.txt must be removed => files.delete {"paths":["menu-draft.txt"]}
you should delete menu-draft.txt => files.delete {"paths":["menu-draft.txt"]}
please get menu-draft.txt out of the way => files.delete {"paths":["menu-draft.txt"]}
we don't need menu-draft.txt, throw it out => files.delete {"paths":["menu-draft.txt"]}
timer.cfg.bak is just a backup, delete it => files.delete {"paths":["timer.cfg.bak"]}
delete both menu-draft.txt and timer.cfg.bak => files.delete {"paths":["menu-draft.txt","timer.cfg.bak"]}
the bak files in scraps are rubbish, delete them => files.delete_matching {"query":{"recursive":true,"extensions":["bak"],"root":"scraps"}}
clear out all bak files from scraps => files.delete_matching {"query":{"recursive":true,"extensions":["bak"],"root":"scraps"}}
would you please remove every .bak file in scraps => files.delete_matching {"query":{"recursive":true,"extensions":["bak"],"root":"scraps"}}
all .bak files have to go => files.delete_matching {"query":{"recursive":true,"extensions":["bak"]}}
bak files: delete them all => files.delete_matching {"query":{"recursive":true,"extensions":["bak"]}}
everything ending in .bak should be removed => files.delete_matching {"query":{"recursive":false,"kind":"any","extensions":["bak"]}}
scraps/x1.bak and scraps/x2.bak should be in pictures => files.move {"from":["scraps/x1.bak","scraps/x2.bak"],"to":"pictures"}
the jpg files in pictures should be moved to scraps => files.move_matching {"query":{"recursive":true,"extensions":["jpg","jpeg"],"root":"pictures"},"to":"scraps"}
all jpgs in pictures should be copied to scraps => files.copy_matching {"query":{"recursive":true,"extensions":["jpg"],"root":"pictures"},"to":"scraps"}
let all the pdf files in bills be moved to scraps => files.move_matching {"query":{"recursive":true,"extensions":["pdf"],"root":"bills"},"to":"scraps"}
I want every pdf in bills copied to scraps => files.copy_matching {"query":{"recursive":true,"extensions":["pdf"],"root":"bills"},"to":"scraps"}
each pdf file in bills needs to be copied to scraps => files.copy_matching {"query":{"recursive":true,"extensions":["pdf"],"root":"bills"},"to":"scraps"}
menu.txt needs a backup called menu.bak => files.copy {"from":["menu.txt"],"to":"menu.bak"}
make me a backup of menu.txt as menu.bak => files.copy {"from":"menu.txt","to":"menu.bak"}
menu.bak should be a copy of menu.txt => files.copy {"from":["menu.txt"],"to":"menu.bak"}
I want a copy of menu.txt, call it menu.bak => files.copy {"from":"menu.txt","to":"menu.bak"}
copy menu.txt as menu.bak and then show me menu.bak => files.copy+files.read {"from":"menu.txt","to":"menu.bak"} ; {"path":"menu.bak"}
first copy menu.txt to menu.bak, after that delete menu.txt => files.copy+files.delete {"from":["menu.txt"],"to":"menu.bak"} ; {"paths":["menu.txt"]}
copy menu.txt to menu.bak. then delete menu.txt. => files.copy+files.delete {"from":["menu.txt"],"to":"menu.bak"} ; {"paths":["menu.txt"]}
move guests.txt to bills and rename it people.txt => files.move+files.rename {"from":["guests.txt"],"to":"bills"} ; {"from":"bills/guests.txt","to":"bills/people.txt","into":false}
make the folder spices and put pantry.csv in there => files.make_folder+files.move {"paths":["spices"]} ; {"from":["pantry.csv"],"to":"spices"}
zip the bills folder as b.zip and tell me how big it is => archives.create+disk.usage {"sources":["bills"],"to":"b.zip"} ; {"path":"b.zip"}
count the lines of guests.txt and then show it => text.count+files.read {"path":"guests.txt","what":"lines"} ; {"path":"guests.txt"}
show me shopping.txt, then guests.txt => files.read+files.read {"path":"shopping.txt"} ; {"path":"guests.txt"}
what's in shopping.txt and guests.txt? => files.read+files.read {"path":"shopping.txt"} ; {"path":"guests.txt"}
show both shopping.txt and guests.txt => files.read+files.read {"path":"shopping.txt"} ; {"path":"guests.txt"}
how many lines do shopping.txt and guests.txt have? => text.count+text.count {"path":"shopping.txt","what":"lines"} ; {"path":"guests.txt","what":"lines"}
shopping.txt and guests.txt: how many lines each? => text.count+text.count {"path":"shopping.txt","what":"lines"} ; {"path":"guests.txt","what":"lines"}
look through the recipes for "eggs" => text.search {"text":"eggs","root":"recipes","answer":"lines"}
anything in recipes containing "eggs"? => find.files {"query":{"recursive":true,"root":"recipes","contains":"eggs","ignore_case":true}}
pdfs in bills => find.files {"query":{"recursive":true,"extensions":["pdf"],"root":"bills"}}
show me where the pdfs are => find.files {"query":{"recursive":true,"extensions":["pdf"]}}
the latest file in here => find.files {"query":{"recursive":true,"sort":"modified","order":"descending","limit":1}}
which picture is the largest => find.files {"query":{"recursive":true,"extensions":["jpg","jpeg","png","gif","webp","bmp","svg","tif","tiff","heic","avif","ico","raw"],"sort":"size","order":"descending","limit":1}}
what is the smallest picture => find.files {"query":{"recursive":true,"sort":"size","order":"ascending","limit":1,"extensions":["jpg","jpeg","png","gif","webp","bmp","svg","tif","tiff","heic","avif","ico","raw"]}}
biggest picture please => find.files {"query":{"recursive":true,"sort":"size","order":"descending","limit":1,"extensions":["jpg","jpeg","png","gif","webp","bmp","svg","tif","tiff","heic","avif","ico","raw"]}}
is there anything in the to sort folder => files.list {"path":"to sort"}
anything left in scraps? => files.list {"path":"scraps"}
what remains in scraps => files.list {"path":"scraps"}
how many lines long is guests.txt? => text.count {"path":"guests.txt","what":"lines"}
lines of guests.txt, count them => text.count {"path":"guests.txt","what":"lines"}
how many characters does menu.txt contain in total => text.count {"path":"menu.txt","what":"characters"}
"180" in timer.cfg has to be "200" => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
timer.cfg: change 180 to 200 => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
the 180 in timer.cfg should be 200 => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
make it 200 instead of 180 in timer.cfg => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
200 should replace 180 in timer.cfg => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
in timer.cfg use 200 rather than 180 => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
every 180 in timer.cfg should become 200 => text.replace {"path":"timer.cfg","find":"180","replace":"200"}
sort guests.txt alphabetically, in place => text.sort_in_place {"path":"guests.txt","operation":"sort"}
show me a sorted guests.txt => text.show_sorted {"path":"guests.txt","sort":"ascending"}
guests.txt in alphabetical order, please => text.show_sorted {"path":"guests.txt","sort":"ascending"}
bills as a zip called b.zip please => archives.create {"sources":["bills"],"to":"b.zip"}
please make b.zip out of bills => archives.create {"sources":["bills"],"to":"b.zip"}
b.zip should be made from bills => archives.create {"sources":["bills"],"to":"b.zip"}
a zip file b.zip with bills in it is needed => archives.create {"sources":["bills"],"to":"b.zip"}
compress the bills directory into b.tar.gz => archives.create {"sources":["bills"],"to":"b.tar.gz"}
I need bills as b.tar.gz => archives.create {"sources":["bills"],"to":"b.tar.gz"}
`
