import HootWire
import Jobs

/// Reads the answer of `/health`. Services differ; what one does not say stays unknown.
enum HealthReport {
  static func health(_ end: HTTPWorker.End) -> HostHealth {
    switch end.cause {
    case .refused(let why), .limit(let why, _): return HostHealth(isUp: false, note: why)
    case .cancelled: return HostHealth(isUp: false, note: "It was not asked: the daemon ends.")
    case .replied: break
    }
    guard (200...299).contains(end.reply.status) else {
      // A service without the question is there all the same.
      return HostHealth(
        isUp: end.reply.status == 404 || end.reply.status == 405, note: "Status \(end.reply.status).")
    }
    // A plain "ok" says that it is there.
    guard let json = try? JSONValue.parse(end.reply.body) else { return HostHealth(isUp: true) }
    let status = json["status"]?.string ?? ""
    var health = HostHealth(isUp: !["down", "error", "unhealthy", "loading"].contains(status.lowercased()))
    health.note = Plain.line(json["message"]?.string ?? status)
    let gpu = json["gpu"] ?? json
    health.gpuLoad = share(gpu["load"] ?? gpu["utilization"] ?? json["gpu_load"] ?? json["gpu_utilization"])
    health.gpuMemory =
      memory(gpu["memory"] ?? json["gpu_memory"] ?? json["memory"]) ?? memory(json, "gpu_memory_")
      ?? memory(gpu, "memory_")
    health.freeSlots = (json["free_slots"] ?? json["slots_free"])?.int.flatMap {
      (0...4096).contains($0) ? Int($0) : nil
    }
    health.tools = json["tools"]?.array?.prefix(256).compactMap { $0.string.map(Plain.line) }
    return health
  }

  /// 0…1, or percent above 1.
  private static func share(_ value: JSONValue?) -> Double? {
    guard let number = value?.double, number.isFinite, (0...100).contains(number) else { return nil }
    return number > 1 ? number / 100 : number
  }

  private static func memory(_ value: JSONValue?) -> Double? {
    value?.object == nil ? share(value) : memory(value ?? .null, "")
  }

  private static func memory(_ value: JSONValue, _ prefix: String) -> Double? {
    let used = value[prefix + "used"] ?? value[prefix + "used_mb"] ?? value[prefix + "allocated"]
    let total = value[prefix + "total"] ?? value[prefix + "total_mb"]
    guard let used = used?.double, let total = total?.double, used >= 0, total > 0, used <= total,
      total.isFinite
    else { return nil }
    return used / total
  }
}
