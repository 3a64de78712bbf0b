#include "rules/match/foreign.h"

#include "rules/lang/scalar.h"
#include "rules/match/compiler.h"
#include "rules/match/evaluation.h"
#include "rules/match/foreign_atoms.h"

namespace quanzu::rules {

namespace {

constexpr uint8_t kAnyEvent = 1;  // one kind for all: what an event is, its logsource says
constexpr size_t kMaxFields =
    16'000;  // a Source and a space of the index of literals, of which a field has two, are 16 bits
constexpr std::string_view kLogSourceKey = "logsource";

bool same(const LogSource& a, const LogSource& b) {
  return a.category == b.category && a.product == b.product && a.service == b.service;
}

}  // namespace

ForeignProgram::ForeignProgram() = default;
ForeignProgram::~ForeignProgram() = default;

Result<std::shared_ptr<const ForeignProgram>> ForeignProgram::compile(Pack pack, const std::vector<std::string>& also) {
  std::shared_ptr<ForeignProgram> program(new ForeignProgram());
  program->pack_ = std::move(pack);
  FieldTable& fields = program->fields_;
  Compiler compiler;
  for (const Rule& rule : program->pack_.rules) {
    const Result<void> added =
        compiler.add(rule, kAnyEvent, [&fields](const Item& item) { return make_foreign_atoms(item, fields); });
    if (!added) return Failure(added.error());
  }
  for (const std::string& name : also) fields.intern(name);
  if (fields.size() > kMaxFields) {
    return fail(Code::kInvalidArgument, "the rules name " + std::to_string(fields.size()) +
                                            " different fields; at most " + std::to_string(kMaxFields) +
                                            ": load them in parts");
  }
  program->logsource_key_ = fields.intern_key(kLogSourceKey);
  Result<std::unique_ptr<Compiled>> code = compiler.finish();
  if (!code) return Failure(code.error());
  program->code_ = std::move(*code);
  program->without_witness_ = compiler.without_witness();
  program->index_sources();
  program->index_subjects();
  ProgramSize& size = program->size_;
  size.rules = program->pack_.rules.size();
  size.atoms = program->code_->atoms.size();
  size.always_evaluated = program->without_witness_.size();
  size.database_bytes = program->code_->bytes();
  return program;
}

void ForeignProgram::index_sources() {
  for (const Rule& rule : pack_.rules) {
    uint32_t i = 0;
    while (i < logsources_.size() && !same(logsources_[i], rule.logsource)) ++i;
    if (i == logsources_.size()) logsources_.push_back(rule.logsource);
    rule_logsource_.push_back(i);
  }
  for (const Atom& atom : code_->atoms) {
    has_keywords_ = has_keywords_ || atom.subject.source == kEachString || atom.subject.source == kAllStrings;
  }
}

void ForeignProgram::index_subjects() {
  const auto scanned = [this](Source source, std::vector<const SubjectCode*>& out) {
    for (const Form form : {Form::kExact, Form::kFolded}) {
      const size_t index = Subject{source, form}.index();
      const SubjectCode* subject = index < code_->subjects.size() ? code_->subjects[index].get() : nullptr;
      if (subject != nullptr && subject->has_witnesses()) out.push_back(subject);
    }
  };
  scanned(kEachString, of_strings_);
  scanned(kAllStrings, of_strings_);
  by_key_.resize(fields_.keys().size());
  for (uint32_t key = 0; key < by_key_.size(); ++key) {
    for (const Source field : fields_.fields_of(key)) scanned(field, by_key_[key]);
  }
}

struct ForeignScanner::State {
  explicit State(std::shared_ptr<const ForeignProgram> compiled) : program(std::move(compiled)) {
    evaluation.prepare(*program->code_);
  }
  static constexpr bool kFindsAll = true;

  std::shared_ptr<const ForeignProgram> program;
  ForeignEvent event;
  const JsonNode* logsource = nullptr;  // the event's
  // Which of the program's logsources the event's fits: kept for the next, which is often of the same.
  LogSource last;
  std::vector<bool> fits;
  Evaluation<State> evaluation{*this};

  void read_logsource();

  bool takes(RuleIndex rule) const { return logsource == nullptr || fits[program->rule_logsource_[rule]]; }
  template <class OnText>
  void each_text(Subject subject, OnText&& on_text) {
    if (subject.source == kAllStrings) return on_text(event.all_strings(subject.form));
    if (subject.source == kEachString) return event.each_string(subject.form, on_text);
    event.each_value(subject.source, [&](JsonNode& value) {
      if (ForeignEvent::has_text(value)) on_text(event.text_of(value, subject.form));
    });
  }
  template <class OnNumber>
  void each_number(Subject subject, OnNumber&& on_number) {
    event.each_value(subject.source, [&](JsonNode& value) {
      if (value.type == JsonNode::Type::kNumber) on_number(value.number);
      if (value.type != JsonNode::Type::kString) return;
      if (const std::optional<double> number = json_number(value.text)) on_number(*number);
    });
  }
  bool holds(const Atom& atom) { return atom_holds(atom, event); }
};

void ForeignScanner::State::read_logsource() {
  const JsonNode* given = event.member(program->logsource_key_);
  logsource = given != nullptr && given->type == JsonNode::Type::kObject ? given : nullptr;
  if (logsource == nullptr) return;
  const auto text = [this](std::string_view key) {
    const JsonNode* found = event.child(*logsource, key);
    return found != nullptr && found->type == JsonNode::Type::kString ? found->text : std::string_view();
  };
  const std::string_view category = text("category"), product = text("product"), service = text("service");
  if (!fits.empty() && last.category == category && last.product == product && last.service == service) return;
  last.category = category;
  last.product = product;
  last.service = service;
  const auto fits_key = [](const std::string& wanted, const std::string& held) {
    return wanted.empty() || wanted == held;
  };
  fits.clear();
  for (const LogSource& wanted : program->logsources_) {
    fits.push_back(fits_key(wanted.category, last.category) && fits_key(wanted.product, last.product) &&
                   fits_key(wanted.service, last.service));
  }
}

ForeignScanner::ForeignScanner(std::shared_ptr<const ForeignProgram> program)
    : state_(std::make_unique<State>(std::move(program))) {}
ForeignScanner::~ForeignScanner() = default;

Result<void> ForeignScanner::scan(std::string_view json, std::vector<RuleIndex>& out) {
  Result<void> done = read(json);
  if (done) match(out);
  return done;
}

Result<void> ForeignScanner::read(std::string_view json) {
  const ForeignProgram& program = *state_->program;
  return state_->event.read(json, program.fields_, program.has_keywords_);
}

void ForeignScanner::match(std::vector<RuleIndex>& out) {
  State& state = *state_;
  const ForeignProgram& program = *state.program;
  state.read_logsource();
  state.evaluation.begin();
  for (const uint32_t key : state.event.present_keys()) {
    for (const SubjectCode* subject : program.by_key_[key]) state.evaluation.find_witnesses(*subject);
  }
  for (const SubjectCode* subject : program.of_strings_) state.evaluation.find_witnesses(*subject);
  state.evaluation.finish(program.code_->always[0], out);
}

const JsonNode* ForeignScanner::value_at(std::string_view name) const {
  const std::optional<Source> field = state_->program->fields_.find(name);
  return field ? state_->event.value_at(*field) : nullptr;
}

}  // namespace quanzu::rules
