// ODM-XML: CDISC's own examples of 2.0 and 1.1, and small texts for what they do not have.
#include <gtest/gtest.h>

#include "tests/support/places.h"
#include "tests/trial/records/read_records.h"
#include "trial/records/xml/odm_records.h"

namespace salus::test {
namespace {

std::string example(const std::string& name) { return salus::test::test_data("trial/odm/") + name; }

ReadRecords read(const std::string& text) { return read_text_records(trial::open_odm, text); }

/// A document of ODM 1.3 with this in its clinical data.
std::string document(const std::string& inside) {
  return "<?xml version=\"1.0\"?>\n<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" FileOID=\"f\">"
         "<ClinicalData StudyOID=\"S\" MetaDataVersionOID=\"M\">" +
         inside + "</ClinicalData></ODM>";
}

std::string group(const std::string& inside) {
  return document("<ItemGroupData ItemGroupOID=\"G\">" + inside + "</ItemGroupData>");
}

/// Cells of the only record of `group(inside)` behind the three that say where it is.
Record cells(const std::string& inside) {
  const ReadRecords read_back = read(group(inside));
  EXPECT_EQ(read_back.failure, "");
  EXPECT_EQ(read_back.records.size(), 1U);
  if (read_back.records.empty()) return {};
  const Record& record = read_back.records[0];
  EXPECT_EQ((Record(record.begin(), record.begin() + 3)),
            (Record{{"@MetaDataVersionOID", "M"}, {"@StudyOID", "S"}, {"@ItemGroupOID", "G"}}));
  return {record.begin() + 3, record.end()};
}

TEST(Odm, ReadsTheExampleWithGroupsInGroups) {
  const ReadRecords read_back = read_records(trial::open_odm, example("repeating.xml"));
  EXPECT_EQ(read_back.failure, "");
  ASSERT_EQ(read_back.records.size(), 5U);
  const Record place = {{"@MetaDataVersionOID", "MDV.RPTIG.UC-D"},
                        {"@StudyOID", "S.RPTIG.UC-D"},
                        {"@SubjectKey", "1"},
                        {"@StudyEventOID", "SE.MEDHIS"}};
  Record first = place;
  first.insert(first.end(), {{"@ItemGroupData@ItemGroupOID", "F.MEDHIST"},
                             {"@ItemGroupOID", "IG.MEDHIST"},
                             {"@ItemGroupRepeatKey", "1"},
                             {"I.MH.BODSYS/Value", "1"},
                             {"I.MH.TERM/Value", "some problem"},
                             {"I.MH.ACTIVE#ItemData", ""}});
  EXPECT_EQ(read_back.records[0], first);
  Record around = place;
  around.emplace_back("@ItemGroupOID", "F.MEDHIST");
  EXPECT_EQ(read_back.records[4], around);
}

TEST(Odm, FindsEveryGroupOfTheExample) {
  const ReadRecords read_back = read_records(trial::open_odm, example("race.xml"));
  EXPECT_EQ(read_back.failure, "");
  EXPECT_EQ(read_back.records.size(), 24U);  // as many as grep -c '<ItemGroupData' says
}

TEST(Odm, RefusesADocumentTypeDeclaration) {
  EXPECT_EQ(read_records(trial::open_odm, example("odm1_1.xml")).failure,
            "the file: line 2: a document type declaration, which is not taken");
  const std::string bomb =
      "<!DOCTYPE ODM [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><ODM>&b;</ODM>";
  EXPECT_NE(read(bomb).failure.find("document type declaration"), std::string::npos);
  EXPECT_NE(read("<!DOCTYPE ODM SYSTEM \"file:///etc/passwd\"><ODM/>").failure, "");
  EXPECT_NE(read(group("<ItemData ItemOID=\"I\" Value=\"&undefined;\"/>")).failure, "");
}

TEST(Odm, GivesEveryPartOfAnItemItsName) {
  EXPECT_EQ(cells("<ItemData ItemOID=\"I.SEX\" TransactionType=\"Update\" Value=\"f\"/>"),
            (Record{{"I.SEX", "f"}, {"I.SEX@TransactionType", "Update"}}));
  EXPECT_EQ(cells("<ItemData ItemOID=\"I\" IsNull=\"Yes\"/>"),
            (Record{{"I@IsNull", "Yes"}, {"I#ItemData", ""}}));
  EXPECT_EQ(cells("<ItemDataInteger ItemOID=\"AGE\"> 42 </ItemDataInteger>"),
            (Record{{"AGE#ItemDataInteger", " 42 "}}));
  EXPECT_EQ(cells("<ItemData ItemOID=\"W\" Value=\"150\">\n  <MeasurementUnitRef "
                  "MeasurementUnitOID=\"kg\"/>\n</ItemData>"),
            (Record{{"W", "150"},
                    {"W/MeasurementUnitRef@MeasurementUnitOID", "kg"},
                    {"W/MeasurementUnitRef", ""}}));
  EXPECT_EQ(cells("<AuditRecord><ReasonForChange>late</ReasonForChange></AuditRecord>"),
            (Record{{"/AuditRecord/ReasonForChange", "late"}}));
}

TEST(Odm, GivesDifferentPlacesDifferentNames) {
  EXPECT_EQ(cells("<ItemData ItemOID=\"@a/b#c~\" Value=\"\"/>"), (Record{{"~2a~1b~3c~0", ""}}));
  EXPECT_EQ(cells("<x:Note xmlns:x=\"http://example.org/n\" x:by=\"me\">t</x:Note>"),
            (Record{{"/{http:~1~1example.org~1n}Note@{http:~1~1example.org~1n}by", "me"},
                    {"/{http:~1~1example.org~1n}Note", "t"}}));
}

TEST(Odm, SaysWhereAGroupStands) {
  const ReadRecords read_back = read(document(
      "<SubjectData SubjectKey=\"1\" TransactionType=\"Insert\"><StudyEventData "
      "StudyEventOID=\"E\">"
      "<FormData FormOID=\"F\" FormRepeatKey=\"2\"><ItemGroupData ItemGroupRepeatKey=\"3\" "
      "ItemGroupOID=\"G\"/></FormData></StudyEventData></SubjectData>"));
  EXPECT_EQ(read_back.failure, "");
  ASSERT_EQ(read_back.records.size(), 1U);
  EXPECT_EQ(read_back.records[0], (Record{{"@MetaDataVersionOID", "M"},
                                          {"@StudyOID", "S"},
                                          {"@SubjectKey", "1"},
                                          {"@SubjectData@TransactionType", "Insert"},
                                          {"@StudyEventOID", "E"},
                                          {"@FormOID", "F"},
                                          {"@FormRepeatKey", "2"},
                                          {"@ItemGroupOID", "G"},
                                          {"@ItemGroupRepeatKey", "3"}}));
}

TEST(Odm, DoesNotMindHowTheFileIsLaidOut) {
  const auto one = read(group("<ItemData ItemOID=\"I\" Value=\"&lt;1&#x41;\" IsNull=\"No\"/>"));
  const auto other =
      read(group("\n <ItemData  IsNull='No' Value='&#60;1A'\n ItemOID='I'></ItemData>\n"
                 "<!-- a comment --><?pi?>"));
  EXPECT_EQ(one.failure, "");
  EXPECT_EQ(one.records, other.records);
}

TEST(Odm, NamesWhatIsWrong) {
  EXPECT_EQ(read("<NotOdm/>").failure, "the file: line 1: its outermost element is not ODM");
  EXPECT_EQ(read("<ODM><ClinicalData>").failure, "the file: line 1: no element found");
  EXPECT_EQ(read(document("<ItemGroupData/>")).failure,
            "the file: line 2: an ItemGroupData without ItemGroupOID");
  EXPECT_EQ(read(group("<ItemData Value=\"1\"/>")).failure,
            "the file: line 2: an ItemData without ItemOID");
  EXPECT_EQ(read(group("stray")).failure, "the file: line 2: text right in an ItemGroupData");
  EXPECT_EQ(read(document("<ClinicalData/>")).failure,
            "the file: line 2: ClinicalData within ClinicalData");
  EXPECT_EQ(read("").failure, "the file: line 1: no element found");
  std::string deep;
  for (int i = 0; i < 70; ++i) deep += "<x>";
  EXPECT_EQ(read(document(deep)).failure, "the file: line 2: nested more than 64 deep");
}

TEST(Odm, BoundsARecordAndATag) {
  const std::string long_text(trial::kMaxOdmRecord + 1, 'x');
  EXPECT_EQ(read(group("<ItemDataText ItemOID=\"I\">" + long_text + "</ItemDataText>")).failure,
            "the file: line 2: an ItemGroupData of more than 16 MiB");
  EXPECT_EQ(read(group("<ItemData ItemOID=\"I\" Value=\"" + long_text + long_text)).failure,
            "the file: line 2: a tag of more than 1 MiB");
}

TEST(Odm, IsToldByExtensionAndBeginning) {
  const std::string odm = document("");
  EXPECT_EQ(trial::xml_form_of("a/study.XML", odm), trial::kOdmForm);
  EXPECT_EQ(trial::xml_form_of("study.txt", odm), "");
  EXPECT_EQ(trial::xml_form_of("study.xml", "<html>"), "");
  // Define-XML: ODM's elements without data.
  EXPECT_EQ(trial::xml_form_of("define.xml",
                               "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" "
                               "xmlns:def=\"http://www.cdisc.org/ns/def/v2.1\">"),
            "");
}

}  // namespace
}  // namespace salus::test
