# The other side's jobs.
# Ids and ordinals are the wire: never renumber, append only.
@0xe73698fcef0e99f0;

using Common = import "common.capnp";

struct JobInfo @0xcdaaa4a50700baaf {
  jobId @0 :Text;
  status @1 :Common.JobStatus;
  source @2 :Text;
  result @3 :Text;
  error @4 :Text;
  createdAt @5 :UInt64;
  startedAt @6 :UInt64;
  completedAt @7 :UInt64;
}

struct JobStoreStats @0x90291401bf246dd0 {
  total @0 :UInt32;
  pending @1 :UInt32;
  running @2 :UInt32;
  completed @3 :UInt32;
  failed @4 :UInt32;
  cancelled @5 :UInt32;
}

struct JobExecute @0xa31171441157a9ba {
  scriptHash @0 :Text;
  params @1 :Text;
  tags @2 :List(Text);
}

struct JobStatusRequest @0xeeebf5254b4ca78b {
  jobId @0 :Text;
}

struct JobPoll @0x89adbddffce7a462 {
  jobIds @0 :List(Text);
  timeoutMs @1 :UInt64;
  mode @2 :Common.PollMode;
}

struct JobCancel @0xd0cf37a15fbac0f3 {
  jobId @0 :Text;
}

struct JobList @0x9191578d9f735f7a {
  status @0 :Text;
}
