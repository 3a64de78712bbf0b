#include "rules/lang/model_field.h"

namespace quanzu::rules {

namespace {

// "model.NAME.LABEL" in its last two parts; a name has no dot, a label may.
std::string_view name_in(std::string_view field) {
  field.remove_prefix(kModelPrefix.size());
  return field.substr(0, field.find('.'));
}
std::string_view label_in(std::string_view field) {
  field.remove_prefix(kModelPrefix.size());
  const size_t dot = field.find('.');
  return dot == std::string_view::npos ? std::string_view() : field.substr(dot + 1);
}

std::vector<std::string> fields_of(const std::string& name, const Model& model) {
  if (model.outputs() == 1) return {std::string(kModelPrefix) + name};
  std::vector<std::string> out;
  for (const ModelFile::Output& output : model.file().outputs) {
    out.push_back(std::string(kModelPrefix) + name + "." + output.label);
  }
  return out;
}

}  // namespace

bool is_model_name(std::string_view name) {
  return !name.empty() && name.find_first_of(".| ") == std::string_view::npos;
}

void read_model(std::string_view bytes, const std::string& name, Models& models, Problems& problems) {
  if (!is_model_name(name)) {
    problems.error({}, name, "rules name a model by its file: NAME.model, where NAME has no dot, space or |");
    return;
  }
  Result<ModelFile> file = parse_model(bytes);
  if (!file) {
    problems.error({}, "", file.error().message);
    return;
  }
  if (!models.emplace(name, std::make_shared<const Model>(std::move(*file))).second) {
    problems.error({}, name, "another model of this pack has this name");
  }
}

std::shared_ptr<const Model> model_named(std::string_view field, const Models& models) {
  const auto at = models.find(name_in(field));
  return at == models.end() ? nullptr : at->second;
}

std::optional<size_t> output_named(std::string_view field, const Model& model) {
  return model.find_output(label_in(field));
}

std::shared_ptr<const Model> known_model(std::string_view field, Mark mark, const Models& models, Problems& problems) {
  std::shared_ptr<const Model> model = model_named(field, models);
  std::vector<std::string> known;
  for (const auto& [name, one] : models) {
    if (model != nullptr && one != model) continue;
    for (std::string& each : fields_of(name, *one)) known.push_back(std::move(each));
  }
  const std::string near = nearest(field, {known.begin(), known.end()});
  if (model == nullptr) {
    problems.error(mark, field,
                   "no model of this name: the pack has no file models/" + std::string(name_in(field)) +
                       ".model (`quanzu rules train` makes one)",
                   near);
    return nullptr;
  }
  if (output_named(field, *model)) return model;
  problems.error(mark, field,
                 model->outputs() == 1 ? "this model says one thing only: name it without a label"
                                       : "the model says something of each label, and has none of this name",
                 near.empty() ? known.front() : near);
  return nullptr;
}

std::optional<Value> fit_probability(Value value, Mark mark, std::string_view text, Problems& problems) {
  const auto* compared = std::get_if<CompareValue>(&value);
  if (compared == nullptr) {
    problems.error(mark, text, "a model says a probability, which is compared: gt, gte, lt, lte", "gte: 0.98");
    return std::nullopt;
  }
  if (compared->value > 0 && compared->value < 1) return value;
  problems.error(mark, text, "a probability lies between 0 and 1, and a model never says either", "0.98");
  return std::nullopt;
}

}  // namespace quanzu::rules
