/// A command `garden` answers by itself, or with several requests; declared beside the tools so that help,
/// completion and manual pages come from one list.
package struct ClientCommand: Sendable {
  package var name: ClientCommandName
  package var usage: Usage

  package init(_ name: ClientCommandName, _ usage: Usage) {
    self.name = name
    self.usage = usage
  }
}

package enum ClientCommandName: String, CaseIterable, Sendable {
  case tryOut = "try"
  case up, down, watch, bench, render, completion, help, version, man
  case configShow = "config_show"
  case configCheck = "config_check"
  case keyNew = "key_new"
  case keyLs = "key_ls"
  case token
  case soundfontInstall = "soundfont_install"
  case jobWait = "job_wait"
  case jobWatch = "job_watch"
  case jobTop = "job_top"
  case jobDemo = "job_demo"
  case jobBeads = "job_beads"
  case artifactFetch = "artifact_fetch"
  case benchJobs = "bench_jobs"
  case webhookSecret = "webhook_secret"
  case serviceInstall = "service_install"
  case serviceStatus = "service_status"
  case serviceUninstall = "service_uninstall"
  case mcp
  case workflowRunFile = "workflow_run_file"
}
