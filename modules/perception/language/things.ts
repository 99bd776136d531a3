// what goals are about: files, the machine, its parts, repositories.
import { ways } from './ways.ts'

/** concept → ways to say it. */
export const things: Readonly<Record<string, readonly string[]>> = {
  file: ways(`
    file | document | doc | text file | textfile | text document | plain text file | markdown file |
    note file | one`),
  folder: ways(`
    folder | directory | dir | subfolder | subdirectory | sub folder | sub directory | sub-folder |
    sub-directory | subdir | nested folder | nested directory | path`),
  content: ways(`
    content | text | inside | whole content | full content | full text | body | entire content |
    whole text | whole file | complete content | contents | what | everything | lines | material`),
  archive: ways(`
    archive | zip | tarball | zip file | zipfile | zip archive | tar archive | tar | tar file | tgz |
    tar gz | tar.gz | compressed file | package | compressed archive | gzip archive | tar.gz archive |
    tar.gz file | tgz file | tgz archive | .zip | .tar.gz | .zip file | .tar.gz file | .zip archive |
    .tar.gz archive | tar ball | gzipped tarball | gzip tarball | bundle | gzipped tar | gzip tar |
    gzipped tar archive | gzip tar archive | gz archive | compressed tarball | compressed tar archive |
    compressed tar`),
  machine: ways(`
    machine | computer | system | box | pc | server | laptop | host | device | desktop | workstation |
    node | this`),
  memory: ways(`
    memory | ram | main memory | system memory | physical memory | random access memory | working memory |
    mem`),
  free: ways(`
    free | available | unused | leave | left | spare | remain | left over | leave over | still free |
    still available | not in use | not use | to spare | left free | still unused | unoccupied |
    unallocated`),
  used: ways(`
    use | in use | take | occupy | consume | be use | take up | already use | fill | already take | busy |
    up | eat up | allocate`),
  disk: ways(`
    disk | drive | hard disk | hard drive | ssd | storage | file system | filesystem | partition |
    volume | hdd | root partition | root disk | disk drive | main disk | system disk | root filesystem |
    root file system`),
  space: ways(`
    space | room | storage | capacity | disk space | storage space | place | gigabyte | gb | byte |
    megabyte | hard disk space | hard drive space | disk storage | drive space | disk room`),
  size: ways(`
    size | file size | filesize | total size | size in byte | disk usage | combined size | overall size |
    weight | full size | exact size | folder size | directory size | byte size | space usage | footprint`),
  how_big: ways(`
    how big | how large | how heavy | how much space do | how much room do | how many byte | what size |
    how much disk space do | how much storage do | how much | how small | how fat | how much do |
    how much byte | how sizeable | how bulky`),
  processes: ways(`
    process | program | task | application | app | job | running process | running program | running task |
    active process | current process | running app | running application | active program | software |
    current running process | live process`),
  running: ways(`
    run | active | alive | up | up and run | start | open | live | work | execute | go | currently run |
    on | there | exist | still alive | still up`),
  uptime: ['uptime', 'up time'],
  load: ways(`
    load | system load | load average | cpu load | average load | machine load | loadavg | current load |
    system load average | server load | processor load | work load | workload | load level | load figure |
    load number | load average number`),
  cpu: ways(`
    cpu | processor | core | cpu core | processor core | central processing unit | cpus | chip |
    logical core | logical cpu | hardware thread | logical processor | processing core | computing core |
    vcpu | virtual cpu | cpu thread | physical core | cpu unit | processing unit`),
  host: ways(`
    hostname | host name | computer name | machine name | name of this machine | name of this computer |
    name of machine | name of computer | name of this host | server name | name of this server |
    name of this box | name of box | network name | name of this system | system name | device name |
    node name | nodename | name of host | name of server | name of this pc | name of this laptop |
    name of system`),
  kernel: ways(`
    kernel | linux kernel | kernel version | kernel release | linux kernel version | version of kernel |
    version of linux kernel | kernel version number | release of kernel | linux version |
    linux kernel release | kernel build | kernel number | os kernel | operating system kernel`),
  os: ways(`
    operating system | os | distribution | distro | linux distribution | linux distro | linux |
    flavour of linux | flavor of linux | os version | operating system version | os name |
    version of operating system | os release | linux flavour | linux flavor | platform | kind of linux |
    name of operating system | system software | version of linux | os type`),
  architecture: ways(`
    architecture | cpu architecture | processor architecture | machine architecture |
    system architecture | hardware architecture | instruction set | arch | cpu type | processor type |
    machine type | hardware platform | cpu arch | isa | hardware type | bitness | cpu family |
    kind of architecture`),
  user: ways(`
    user | username | user name | login | login name | account | account name | user account | logname |
    user id | uid | userid | whoami | current user | name of user | unix user | linux user |
    user name of mine | log in name | logged in user | current username | current user name |
    name of current user | unix account | user identity | identity`),
  date: ways(`
    date | day of month | calendar date | current date | today's date | today date | date of today |
    date today | full date | day | exact date | calendar day | todays date | current day`),
  time: ways(`
    time | clock | time of day | current time | clock time | local time | exact time | hour | right time |
    precise time | system time | wall clock time | current local time | time now | o clock`),
  weekday: ways(`
    weekday | day of week | week day | name of day | day of weeks | current weekday |
    current day of week | name of weekday | day's name | today's weekday`),
  swap: ways(`
    swap | swap space | swap memory | swap file | swapfile | swap partition | swap size | swap usage |
    paging space | page file | virtual memory | swap area`),
  port: ways(`
    port | tcp port | network port | udp port | tcp/ip port | socket | port number | tcp socket |
    listening port | local port | listen port | server port`),
  listening: ways(`
    listen | open | in use | be listen | bind | use | occupy | take | serve | active | hold |
    in listen state | listen on | run on | sit on | block | bind to | own | hog | accept connection |
    busy | serve on | live on | attach to | hang on | connect to | hold open | keep open | have open |
    occupied | wait | answer | behind | serving | hosted on | accept connection on | claim | exposed |
    expose`),
  address: ways(`
    ip | ip address | ip-address | network address | address | inet address | local ip |
    local ip address | ipv4 address | ip number | internal ip | internal ip address | lan address |
    lan ip | private ip | private ip address | ips | own ip | ipv4 | host address | internet address |
    local address | interface address | lan ip address | local network address | ipv6 address |
    ipaddress | own ip address | own address | address on network | ip on network |
    address on local network | network interface address | local network ip`),
  environment_variable: ways(`
    environment variable | env variable | env var | envvar | shell variable | variable |
    environment setting | environment var | env | system variable | environment | exported variable |
    session variable | var | environmental variable`),
  current_folder: ways(`
    here | current folder | current directory | this folder | this directory | work directory |
    work folder | current work directory | present work directory | pwd | cwd | present directory |
    present folder | folder i be in | directory i be in | this place | current dir | working directory |
    working folder | current working folder | current path | present working directory | this location |
    my location | current location | present location | place where i be | folder where i be |
    directory where i be | this dir | current working dir | working dir`),
  package: ways(`
    package | software package | debian package | apt package | library | installed package | deb |
    program | deb package | system package | rpm | piece of software | software`),
  service: ways(`
    service | daemon | system service | background service | systemd service | unit | systemd unit |
    init script | server | background process`),
  git: ways(`
    git | repo | repository | git repository | git repo | project | code base | codebase | git project |
    checkout | source tree | working copy | local repository | version control | clone | history`),
  git_word: ways(`git | repo | repository | git repo | git repository | version control`),
  commit_only: ways(`commit | git commit | revision | check-in | checkin | commits`),
  service_only: ways(`service | daemon | system service | background service | systemd service | systemd unit`),
  commit: ways(`
    commit | git commit | revision | check-in | checkin | commit log entry | commit log | log entry |
    entry | change | changeset | commit entry | entry in log | log entries`),
  branch: ['branch', 'git branch', 'local branch', 'development branch'],
  tag: ['tag', 'git tag', 'release tag', 'version tag'],
  author: ways(`
    author | contributor | committer | developer | people | writer | person | commit author | programmer |
    who`),
}
