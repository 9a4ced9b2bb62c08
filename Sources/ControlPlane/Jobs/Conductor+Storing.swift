import ControlSocket
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import Tools

/// A request that puts something into the store, as a job would do it.
struct StoringRequest {
  var tool: ToolName
  var parameters: JSONObject
}

// A disk that stalls must not keep a client waiting for longer than it would wait: it is given a job's handle, and the
// job does the same once more. What was stored by then is found there by its name.
extension Conductor {
  /// Remembers what a request stores, for as long as it is being stored.
  func willStore(_ tool: ToolName, _ arguments: Arguments, _ incoming: Incoming) {
    guard case .object(let parameters) = Catalogue.tool(tool).request(arguments) else { return }
    // As many as may be late: a longer list would be of requests that nobody waits for.
    if storing.count >= ControlLimits.lateRequests { storing = [:] }
    storing[incoming.arrival] = StoringRequest(tool: tool, parameters: parameters)
  }

  func hasStored(_ incoming: Incoming) { storing[incoming.arrival] = nil }

  /// Whether an overdue request is answered with a handle, now or as soon as its job is durable.
  func handOver(_ incoming: Incoming) -> Bool {
    if handingOver.contains(incoming.arrival) { return true }
    guard let request = storing.removeValue(forKey: incoming.arrival), jobs != nil else { return false }
    handingOver.insert(incoming.arrival)
    do throws(Refusal) {
      try ask(
        String?.self,
        { side, answer in
          side.dispatcher.order(
            .look { scheduler, _ in
              let able = scheduler.allHosts.filter {
                $0.spec.kind == .builtin && $0.spec.service(for: request.tool.rawValue) != nil
              }
              answer(able.first?.spec.name)
            })
        },
        then: { [self] host in submit(request, to: host, incoming) })
    } catch { notHandedOver(incoming) }
    return true
  }

  private func submit(_ request: StoringRequest, to host: String?, _ incoming: Incoming) {
    guard let host, let id = jobs?.mintID() else { return notHandedOver(incoming) }
    var spec = JobSpec(
      id: id, tool: request.tool.rawValue, parameters: JSONValue.object(request.parameters).encode())
    spec.host = host
    spec.isFresh = true
    spec.client = clientName(incoming)
    let job = spec
    do throws(Refusal) {
      try ask(
        Result<[SubmitAnswer], JobRefusal>.self,
        { side, answer in side.dispatcher.order(.submit([job], key: nil, answer: answer)) },
        then: { [self] result in
          guard case .success = result else { return notHandedOver(incoming) }
          handingOver.remove(incoming.arrival)
          guard peers.isWanted(incoming) else { return }
          // It tells of no edit, so it waits for none to be durable.
          finish(incoming, .ok(["job_id": .string(id.text), "done": false]), since: .max)
        })
    } catch { notHandedOver(incoming) }
  }

  /// There is nobody who would go on with it as a job.
  private func notHandedOver(_ incoming: Incoming) {
    handingOver.remove(incoming.arrival)
    guard peers.isWanted(incoming) else { return }
    refuseLate(incoming)
  }
}
