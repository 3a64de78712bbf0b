#include "adapters/runtime/server_metrics.h"

namespace quanzu::runtime {
namespace {

using prometheus::Histogram;

const Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5};
const Histogram::BucketBoundaries kSignals = {1, 10, 100, 500, 1000, 2500, 5000, 10000};

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}
prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}
Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                     const Histogram::BucketBoundaries& bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

}  // namespace

// The engine's counters are rebuilt by replay, so these go on where they stood before a restart.
ServerMetrics::ServerMetrics(prometheus::Registry& registry)
    : correlations_(registry),
      queue_depth_(
          prometheus::BuildGauge().Name("quanzu_queue_depth").Help("Tasks that wait, by type").Register(registry)),
      inbox_bytes_(gauge(registry, "quanzu_inbox_bytes", "Bytes of signals that wait to be applied")),
      pack_version_(gauge(registry, "quanzu_pack_version", "The live pack's version")),
      sequence_(gauge(registry, "quanzu_sequence", "The last event's number")),
      commit_seconds_(histogram(registry, "quanzu_commit_seconds", "One commit of a block", kSeconds)),
      block_signals_(histogram(registry, "quanzu_block_signals", "Signals in a block", kSignals)),
      ack_seconds_(histogram(registry, "quanzu_ack_seconds", "From a batch's arrival to its commit", kSeconds)) {
  const auto follow = [&](const char* name, const char* help, uint64_t Counters::*of) {
    counters_.push_back({&counter(registry, name, help), of});
  };
  follow("quanzu_signals_total", "Signals that were sequenced, rejected ones too", &Counters::signals);
  follow("quanzu_signals_rejected_total", "Signals that could not be used: kept with their reason",
         &Counters::rejected);
  follow("quanzu_matches_total", "Rules that held for a signal", &Counters::matches);
  follow("quanzu_alerts_total", "Alerts that rules raised", &Counters::alerts);
  follow("quanzu_alerts_held_back_total", "Alerts not raised: the rule is switched off or has had its day's number",
         &Counters::alerts_held_back);
  follow("quanzu_instructions_total", "Warning instructions taken", &Counters::instructions);
  follow("quanzu_instruction_repeats_total", "Instructions that were here already", &Counters::instruction_repeats);
  follow("quanzu_cases_opened_total", "Cases opened", &Counters::cases_opened);
  follow("quanzu_cases_reopened_total", "Cases reopened on new evidence", &Counters::cases_reopened);
  follow("quanzu_cases_closed_total", "Cases closed", &Counters::cases_closed);
  follow("quanzu_tasks_done_total", "Tasks done", &Counters::tasks_done);
  follow("quanzu_leases_lost_total", "Leases that ended before the first attempt", &Counters::leases_lost);
  follow("quanzu_evidence_dropped_total", "Evidence beyond what a resident keeps", &Counters::evidence_dropped);
}

void ServerMetrics::follow(const rules::Pipeline& pipeline, size_t inbox_bytes) {
  const Engine& engine = pipeline.engine();
  correlations_.follow(pipeline.correlator().core(), engine.live_pack());
  for (const Followed& each : counters_) {
    const auto now = static_cast<double>(engine.counters().*each.of);
    each.counter->Increment(now - each.counter->Value());
  }
  for (size_t i = 0; i < kTaskTypeCount; ++i) {
    const auto type = static_cast<TaskType>(i);
    queue_depth_.Add({{"type", std::string(task_type_name(type))}}).Set(static_cast<double>(engine.queue().size(type)));
  }
  inbox_bytes_.Set(static_cast<double>(inbox_bytes));
  pack_version_.Set(engine.live_pack().value());
  sequence_.Set(static_cast<double>(engine.last_sequence().value()));
}

}  // namespace quanzu::runtime
