import HootWire
import Testing
import Tools

@testable import garden

@Suite struct JobReportTests {
  private let plain = Painter(isEnabled: false)
  private static let running: JSONValue = [
    "id": "01a20100-66d2-7ab2-a2a8-27ee5e8aa48a", "tool": "orpheus_generate", "state": "running",
    "status": "processing", "is_final": false, "host": "gpu", "progress": 45.0, "message": "step 9",
    "ends_in": 12.0, "submitted": "2026-01-01T00:00:00Z", "region_id": "467000f9-85aa-4a8a-9f90-bfaaae81597d",
  ]
  private static let waiting: JSONValue = [
    "id": "01a20100-6732-7b67-8fff-3900904faa1b", "tool": "code", "state": "queued", "status": "pending",
    "is_final": false, "progress": 0.0, "position": 3, "ends_in": 200.0, "hosts": 1,
    "submitted": "2026-01-01T00:00:00Z",
  ]
  private static let failed: JSONValue = [
    "id": "01a20100-670a-76c7-871d-61863bea3cca", "tool": "text", "state": "dead", "is_final": true,
    "status": "failed", "host": "agents", "seconds": 0.25, "error": ["It broke", "Why", "Next"],
    "artifacts": [],
  ]

  @Test func `A list of jobs says what a person asks about each`() {
    let now = Timestamp(seconds: 1_767_225_600 + 90, nanoseconds: 0)
    #expect(
      JobReport.table([Self.running, Self.waiting], plain, now: now) == [
        "ID             TOOL              STATE  HOST  DONE  PLACE                   AGE  REGION",
        "01a20100-66d2  orpheus_generate  runs   gpu   45 %  ETA 12 s               90 s  467000f9",
        "01a20100-6732  code              waits  -      0 %  position 3, ETA 3:20   90 s  -",
      ])
  }

  @Test func `Ids are as long as they must be to be told apart`() {
    #expect(JobReport.shortIDs(["01a20100-66d2-7ab2-a", "01a20100-66d3-7ab2-a"]).first == "01a20100-66d2")
    #expect(
      JobReport.shortIDs(["01a20100-66d2-7ab2-a", "01a20100-66d2-7ab3-a"]).first == "01a20100-66d2-7ab2")
    #expect(JobReport.shortIDs(["same", "same"]) == ["same", "same"])
  }

  @Test func `A request for a job is answered in one line with its place and its entrance`() {
    let result: JSONValue = [
      "job_id": Self.waiting["id"] ?? nil, "region_id": Self.running["region_id"] ?? nil, "how": "created",
      "job": Self.waiting, "region": ["enters": ["at": "17:1:000", "in_bars": 3]],
    ]
    let tool = Catalogue.tool(.orpheusGenerate)
    #expect(
      JobReport.lines(tool, result, plain, columns: 80) == [
        "job 01a20100-6732 waits, position 3, ETA 3:20; region 467000f9 enters at 17:1:000 (in 3 bars)"
      ])
    #expect(JobReport.ids(tool, result) == ["01a20100-6732-7b67-8fff-3900904faa1b"])
  }

  @Test func `A dry run says what it would take and where it would stand`() {
    let result: JSONValue = [
      "dry_run": true, "tool": "code", "hosts": ["skadi-code"], "position": 4, "starts_in": 10.0,
      "takes": 30.0,
      "ends_in": 40.0,
    ]
    #expect(
      JobReport.lines(Catalogue.tool(.codeTask), result, plain, columns: 80)?.first
        == "code on skadi-code, takes 30 s; position 4 in the queue, begins in 10 s, there in 40 s")
  }

  @Test func `A host's slots, state and first tools fit a line`() {
    let host: JSONValue = [
      "name": "gpu", "kind": "http", "used": 1, "slots_now": 1, "slots": 2, "up": true, "breaker": "open",
      "busy_for": 4.0, "labels": ["cuda"],
      "services": [["url": "http://gpu", "tools": .array((1...30).map { .string("tool_number_\($0)") })]],
    ]
    let lines = HostReport.table([host], plain)
    #expect(
      lines.last
        == "gpu   http  1/1/2  up, left alone: it failed too often, busy for 4 s  tool_number_1 tool_number_10 +28  cuda"
    )
  }

  @Test(arguments: [40, 80, 132]) func `Bars and the live screen fit their terminal`(columns: Int) {
    let bars = JobBars(painter: plain, isUnicode: false)
    let jobs = (0..<40).map { [Self.running, Self.waiting, Self.failed][$0 % 3] }
    let lines = bars.lines(jobs, columns: columns, rows: 24)
    #expect(lines.count < 24 && lines.last == "13 of 40 ended, 13 without success")
    #expect(lines.allSatisfy { $0.count <= max(columns, 64) })
    let screen = JobTopScreen(bars: bars).lines(
      .init(hosts: [["name": "gpu"]], jobs: jobs, total: 40), columns: columns, rows: 24)
    #expect(screen.count <= 24 && screen.last == "q leaves; the jobs go on")
  }

  @Test func `A bar shows the part that is done`() {
    let line = JobBars(painter: plain, isUnicode: false).line(Self.running, toolWidth: 8, 80)
    #expect(
      line.hasPrefix("01a20100-66d2 orpheus… ##########.............. ") || line.contains("##########......"))
    #expect(line.contains(" 45 %  runs on gpu, ETA 12 s"))
  }

  @Test func `The error of a job is in the lines that show it`() {
    let lines = JobReport.lines(Catalogue.tool(.jobShow), ["job": Self.failed], plain, columns: 80) ?? []
    #expect(lines.first == "job 01a20100-670a-76c7-871d-61863bea3cca")
    #expect(lines.suffix(3) == ["  It broke", "  Why", "  Next"])
    #expect(JobReport.line(Self.failed, plain) == "01a20100-670a text gave up on agents, in 0.25 s, It broke")
  }

  @Test(arguments: [
    JSONValue.null, [:], [1], "text", ["job": 3, "jobs": "none", "hosts": [3], "artifact": []],
  ])
  func `A reply without its fields still shows`(reply: JSONValue) {
    for tool in Catalogue.all {
      _ = JobReport.lines(tool, reply, plain, columns: 80)
      _ = JobReport.ids(tool, reply)
      _ = JobReport.remark(tool.name, reply)
    }
    _ = LatentReport.table([reply], plain) + LatentReport.lines([reply], plain)
    _ = JobEventReport.line("job", reply, plain)
  }

  @Test func `The usual load takes 2 s at a hundredth on slots that are never idle`() {
    #expect(abs(DemoLoad(count: 30, scale: 0.01).bound - 2.0) < 1e-9)
    #expect(abs(DemoLoad(count: 1, scale: 1).bound - 30) < 1e-9)
    #expect(abs(DemoLoad(count: 3, scale: 0.1).bound - 4) < 1e-9)
  }
}
