// The lists and maps that YAML writes in brackets, for the layout of rule files: their spaces are made the same, their line
// breaks stay. Used by rules/author/layout.cc alone; one thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quanzu::rules {

// The lines of a file and the one that is read.
struct LayoutLines {
  std::vector<std::string_view> all;
  size_t at = 0;

  std::string_view line() const { return all[at]; }
  bool more() const { return at < all.size(); }
};

std::string_view without_blanks(std::string_view text);  // at both ends
size_t leading_blanks(std::string_view text);

// The end of what stands in quotes at text[0], behind the closing quote; npos where it goes on in the next line.
size_t end_of_quoted(std::string_view text);
// The same from the middle of it.
size_t end_of_quoted(std::string_view text, char quote, size_t from);

// A plain scalar, in quotes where its typing would surprise a reader and it is text for us.
std::string plain_in_layout(std::string_view text);

struct FlowLayout {
  std::vector<std::string> lines;     // the first without indentation, the others with
  std::string_view rest;              // of the last line, behind the closing bracket
  std::vector<std::string> comments;  // inside of it
};

// What starts at `text` (the rest of lines.line()) with a bracket. Moves `lines` to the line where it ends; nothing where it
// does not end. `indent`: of the lines after the first.
std::optional<FlowLayout> lay_out_flow(std::string_view text, LayoutLines& lines, size_t indent);

}  // namespace quanzu::rules
