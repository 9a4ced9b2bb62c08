import ControlPlane
import HostClients
import JobDispatch
import MCP
import WebServer
import Webhooks

/// Limits of targets that the control plane does not see, for `garden limits`.
extension LimitsTable {
  static let others = jobs + web + webhooks

  private static let jobs: [Row] = [
    row("JobDispatch", "orders and reports waiting", DispatchLimits.messages, "messages", "orders: refused"),
    row(
      "JobDispatch", "tries of a report that may not be lost", DispatchLimits.pushes, "tries",
      "dropped, logged"),
    row("HostClients", "calls of a client", HostClientLimits.calls, "calls", "refused"),
    row("HostClients", "orders waiting for a client", HostClientLimits.orders, "orders", "refused"),
    row("HostClients", "head of a reply", HostClientLimits.headerBytes, "bytes", "the call fails"),
    row("HostClients", "body of a request", HostClientLimits.requestBytes, "bytes", "the call fails"),
    row("HostClients", "one event of a stream", HostClientLimits.eventBytes, "bytes", "the call fails"),
    row("HostClients", "artifacts of a call", HostClientLimits.artifacts, "artifacts", "the call fails"),
    row("HostClients", "reply to a probe", HostClientLimits.healthBytes, "bytes", "not read"),
    row(
      "HostClients", "host's words in an error", HostClientLimits.shownCharacters, "characters", "cut there"),
    row("HostClients", "child processes", HostClientLimits.children, "processes", "refused"),
    row("HostClients", "talk of a child", HostClientLimits.talkBytes, "bytes", "cut there"),
    row("HostClients", "memory of a child", HostClientLimits.childMemory, "bytes", "the child fails"),
    row("HostClients", "open files of a child", HostClientLimits.childFiles, "files", "the child fails"),
    row("MCP", "one message", MCPLimits.messageBytes, "bytes", "answered with an error"),
    row("MCP", "a request's id", MCPLimits.idBytes, "bytes", "answered with an error"),
    row("MCP", "requests of a client at a time", MCPLimits.requests, "requests", "answered with an error"),
    row("MCP", "a prompt's argument", MCPLimits.promptCharacters, "characters", "answered with an error"),
    row("MCP", "artifacts of a job described", MCPLimits.described, "artifacts", "the others are only named"),
  ]

  private static let web: [Row] = [
    row("WebServer", "connections", WebLimits.connections, "connections", "503, closed"),
    row("WebServer", "head of a request", WebLimits.headBytes, "bytes", "431, closed"),
    row("WebServer", "target of a request", WebLimits.targetBytes, "bytes", "414, closed"),
    row("WebServer", "headers of a request", WebLimits.headers, "headers", "431, closed"),
    row("WebServer", "body of a request", WebLimits.bodyBytes, "bytes", "413, closed"),
    row("WebServer", "a file that is sent here", WebLimits.uploadBytes, "bytes", "413, closed"),
    row("WebServer", "files that are being sent here", WebLimits.uploads, "files", "503, closed"),
    row("WebServer", "slowest file that is sent here", WebLimits.uploadRate, "bytes a second", "408, closed"),
    row("WebServer", "message of a WebSocket's client", WebLimits.socketBytes, "bytes", "closed with 1009"),
    row("WebServer", "bodies on their way", WebLimits.bodiesBytes, "bytes", "503, closed"),
    row(
      "WebServer", "events kept for who was away", WebLimits.events, "events",
      "forgotten; who lags is told, closed"),
    row("WebServer", "bytes of those", WebLimits.eventBytes, "bytes", "the oldest are forgotten"),
    row("WebServer", "events made ready for a client", WebLimits.streamBytes, "bytes", "they wait"),
    row("WebServer", "topics of a stream", WebLimits.topics, "topics", "refused"),
    row("WebServer", "connections that listen", WebLimits.listeners, "connections", "503"),
    row("WebServer", "sound made ready for a listener", WebLimits.soundBytes, "bytes", "it waits"),
    row("WebServer", "lag of a listener", WebLimits.lagMilliseconds, "ms", "left out, and told"),
    row("WebServer", "time of a head", WebLimits.headSeconds, "s", "408, closed"),
    row("WebServer", "time of a body", WebLimits.bodySeconds, "s", "408, closed"),
    row("WebServer", "time without a request", WebLimits.idleSeconds, "s", "closed"),
    row("WebServer", "time of a client that takes nothing", WebLimits.writeSeconds, "s", "closed"),
  ]

  private static let webhooks: [Row] = [
    row("HostClients", "a webhook's URL", HostClientLimits.urlBytes, "bytes", "refused"),
    row("Webhooks", "posts at once", WebhookLimits.posts, "posts", "they wait"),
    row("Webhooks", "words waiting for the courier", WebhookLimits.messages, "messages", "one is enough"),
    row("Webhooks", "time of a connection", Int(WebhookLimits.connectSeconds), "s", "tried again"),
    row("Webhooks", "time of a post", Int(WebhookLimits.seconds), "s", "tried again"),
    row("Webhooks", "reply to a post", WebhookLimits.replyBytes, "bytes", "not read"),
    row("Webhooks", "secrets that sign", WebhookLimits.secrets, "secrets", "the oldest is forgotten"),
    row("Webhooks", "a Retry-After", Int(WebhookLimits.retryAfterSeconds.upperBound), "s", "held there"),
    row(
      "Webhooks", "pause when the ledger fails", WebhookLimits.unkeptPause / 1_000, "s", "posted again then"),
    row("Webhooks", "an error in the history", WebhookLimits.errorCharacters, "characters", "cut there"),
  ]
}
