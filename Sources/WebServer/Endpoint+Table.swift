extension Endpoint {
  /// All of them, in the order they are described. A literal path stands before one with a parameter in its place.
  package static let all: [Endpoint] =
    page + server + tasks + workflows + webhooks + transport + timeline + material + mixer + places

  private static let page = [
    Endpoint("GET", "/", "the page for a person with a browser", .own(.page)),
    Endpoint("GET", "/page/{file}", "a file of the page's", .own(.pageFile)),
    Endpoint(
      "GET", "/api/listen", "the main output as it is played: packets of f32 or s16, or a WAV without an end",
      .own(.listen)),
  ]

  private static let server = [
    Endpoint("GET", "/health", "whether the daemon lives", .own(.health)),
    Endpoint("GET", "/ready", "whether requests are answered", .own(.ready)),
    Endpoint("GET", "/metrics", "figures in Prometheus' text", .own(.metrics)),
    Endpoint("GET", "/api/openapi.json", "this description", .own(.openAPI)),
    Endpoint("POST", "/api/login", "change the token for a cookie", .own(.logIn)),
    Endpoint("DELETE", "/api/login", "give the cookie back", .own(.logOut)),
    Endpoint("GET", "/api/tools", "every request that is declared", .own(.tools)),
    Endpoint(
      "POST", "/api/tools/{tool}", "any request by its name; the body is its parameters", .own(.anyTool)),
    Endpoint("GET", "/api/events", "what happens, as it happens: server-sent events", .own(.events)),
    Endpoint("POST", "/mcp", "a message of the Model Context Protocol", .own(.messages)),
    Endpoint("DELETE", "/mcp", "end a session of the Model Context Protocol", .own(.messages)),
    Endpoint("GET", "/api/status", .status),
    Endpoint("GET", "/api/limits", .limits),
    Endpoint("GET", "/api/meters", .meter),
  ]

  private static let tasks = [
    Endpoint("POST", "/api/tasks", "ask hosts for something", .own(.addTask)),
    Endpoint(
      "POST", "/api/render", "render the session as a task; its result is an artifact", .own(.addRender)),
    Endpoint("GET", "/api/tasks", "list tasks, the newest first", .own(.listTasks)),
    Endpoint("GET", "/api/tasks/{job}", "show a task, or wait until it changes", .own(.showTask)),
    Endpoint("DELETE", "/api/tasks/{job}", "cancel a task", .own(.cancelTask)),
    Endpoint("PATCH", "/api/tasks/{job}", .jobSet),
    Endpoint("POST", "/api/tasks/{job}/retry", "ask anew for what a task did not bring", .own(.retryTask)),
    Endpoint("GET", "/api/tasks/{job}/logs", "what happened to a task", .own(.taskLogs)),
    Endpoint("GET", "/api/tasks/{job}/events", "what happens to a task, until it is over", .own(.tailTask)),
    Endpoint("GET", "/api/tasks/{job}/result", "what a task has made", .own(.taskResult)),
  ]

  private static let webhooks = [
    Endpoint("GET", "/api/webhooks", .webhookLs),
    Endpoint("POST", "/api/webhooks/enable", .webhookEnable),
    Endpoint("GET", "/api/webhooks/{job}/history", .webhookHistory),
    Endpoint("POST", "/api/webhooks/{delivery}/replay", .webhookReplay),
  ]

  private static let workflows = [
    Endpoint("POST", "/api/workflows", "make a workflow, or run a whole definition", .own(.addWorkflow)),
    Endpoint("GET", "/api/workflows", .workflowLs),
    Endpoint("GET", "/api/workflows/{workflow_id}", .workflowShow),
    Endpoint("GET", "/api/workflows/{workflow_id}/status", .workflowStatus),
    Endpoint("POST", "/api/workflows/{workflow_id}/start", .workflowStart, status: 202),
    Endpoint("POST", "/api/workflows/{workflow_id}/phases", .workflowAddPhase, status: 201),
    Endpoint("POST", "/api/workflows/{workflow_id}/tasks", .workflowAddTask, status: 201),
    Endpoint("GET", "/api/workflows/{workflow_id}/tasks", .workflowTasks),
    Endpoint("DELETE", "/api/workflows/{workflow_id}", .workflowCancel),
    Endpoint("POST", "/api/workflows/{workflow_id}/retry", .workflowRetry, status: 202),
    Endpoint("POST", "/api/workflows/{workflow_id}/pause", .workflowPause),
    Endpoint("POST", "/api/workflows/{workflow_id}/resume", .workflowResume),
  ]

  private static let transport = [
    Endpoint("POST", "/api/transport/play", .play),
    Endpoint("POST", "/api/transport/pause", .pause),
    Endpoint("POST", "/api/transport/stop", .stop),
    Endpoint("POST", "/api/transport/seek", .seek),
    Endpoint("POST", "/api/transport/tempo", .tempo),
    Endpoint("POST", "/api/transport/loop", .loop),
    Endpoint("POST", "/api/transport/metronome", .metronome),
    Endpoint("POST", "/api/transport/panic", .panic),
    Endpoint("GET", "/api/markers", .markerLs),
    Endpoint("POST", "/api/markers", .markerAdd, status: 201),
    Endpoint("DELETE", "/api/markers/{marker}", .markerRm),
  ]

  private static let timeline = [
    Endpoint("GET", "/api/regions", .regionLs),
    Endpoint("POST", "/api/regions", .regionAdd, status: 201),
    Endpoint("DELETE", "/api/regions", .regionClear),
    Endpoint("GET", "/api/regions/{region}", .regionShow),
    Endpoint("PATCH", "/api/regions/{region}", .regionSet),
    Endpoint("DELETE", "/api/regions/{region}", .regionRm),
    Endpoint("POST", "/api/regions/{region}/move", .regionMv),
    Endpoint("POST", "/api/regions/{region}/duplicate", .regionDup, status: 201),
    Endpoint("POST", "/api/regions/{region}/split", .regionSplit),
    Endpoint("POST", "/api/regions/{region}/approve", .approve),
    Endpoint("POST", "/api/regions/{region}/reject", .reject),
    Endpoint("POST", "/api/regions/{region}/vary", .vary, status: 202),
    Endpoint("POST", "/api/undo", .undo),
    Endpoint("POST", "/api/redo", .redo),
    Endpoint("GET", "/api/sessions", .sessionLs),
    Endpoint("POST", "/api/sessions", .sessionNew, status: 201),
    Endpoint("POST", "/api/sessions/save", .sessionSave),
    Endpoint("POST", "/api/sessions/load", .sessionLoad),
    Endpoint("GET", "/api/sessions/current", .sessionExport),
  ]

  private static let material = [
    Endpoint("GET", "/api/clips", .clipLs),
    Endpoint("GET", "/api/clips/{clip}", .clipShow),
    Endpoint("GET", "/api/clips/{clip}/drawing", .clipDraw),
    Endpoint("GET", "/api/artifacts", .artifactLs),
    Endpoint("POST", "/api/artifacts", "put the body among the artifacts", .own(.addArtifact)),
    Endpoint("GET", "/api/artifacts/{hash}/content", "an artifact's bytes, or a part", .own(.artifactBytes)),
    Endpoint("GET", "/api/artifacts/{hash}", .artifactShow),
    Endpoint("GET", "/api/soundfonts", .soundfontLs),
    Endpoint("POST", "/api/soundfonts/use", .soundfontUse),
    Endpoint("GET", "/api/soundfonts/{soundfont}", .soundfontInspect),
  ]

  private static let mixer = [
    Endpoint("GET", "/api/tracks", .trackLs),
    Endpoint("POST", "/api/tracks", .trackAdd, status: 201),
    Endpoint(
      "GET", "/api/tracks/{track}", "show a track", .own(.among(.trackLs, "tracks", one: "track"))),
    Endpoint("PATCH", "/api/tracks/{track}", .trackSet),
    Endpoint("DELETE", "/api/tracks/{track}", .trackRm),
    Endpoint("GET", "/api/buses", .busLs),
    Endpoint("POST", "/api/buses", .busAdd, status: 201),
    Endpoint("GET", "/api/buses/{bus}", "show a bus", .own(.among(.busLs, "buses", one: "bus"))),
    Endpoint("PATCH", "/api/buses/{bus}", .busSet),
    Endpoint("DELETE", "/api/buses/{bus}", .busRm),
    Endpoint("GET", "/api/sends", .sendLs),
  ]

  private static let places = [
    Endpoint("GET", "/api/devices", .deviceLs),
    Endpoint("POST", "/api/devices/use", .deviceUse),
    Endpoint("GET", "/api/hosts", .hostLs),
    Endpoint("POST", "/api/hosts", .hostAdd, status: 201),
    Endpoint("PATCH", "/api/hosts/{host}", .hostSet),
    Endpoint("DELETE", "/api/hosts/{host}", .hostRm),
    Endpoint("POST", "/api/hosts/{host}/drain", .hostDrain),
    Endpoint("POST", "/api/hosts/{host}/probe", .hostProbe),
  ]
}
