/// The constant parts of a result file: what was simulated, what is recorded where. Written when the file is made; when
/// it is continued, the same functions check that they say what the run to be resumed would write.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "record/hdf5_file.hpp"
#include "record/result_file.hpp"
#include "record/result_tables.hpp"

namespace axolemma::record {

/// Makes groups, datasets and attributes, or compares those that are there and throws base::InputError where they
/// differ (numbers bit for bit).
class Describer {
public:
    enum class Mode { create, compare };
    explicit Describer(Mode mode) : mode_(mode) {}

    bool compares() const { return mode_ == Mode::compare; }
    hdf5::Group group(hdf5::Group& parent, const std::string& name) const;
    void text(hdf5::Object& object, const std::string& name, std::string_view value) const;
    void texts(hdf5::Group& group, const std::string& name, std::span<const std::string> values) const;
    template <class T>
    void number(hdf5::Object& object, const std::string& name, T value) const
    {
        if (!compares())
            object.set_number(name, value);
        else if (!object.has_attribute(name) || object.number<T>(name) != value)
            refuse_attribute(object, name);
    }
    /// @param units  empty: a number without dimension
    template <class T>
    void column(hdf5::Group& group, const std::string& name, std::span<const T> values, const char* units = "") const
    {
        table<T>(group, name, {values.size()}, values, units);
    }
    template <class T>
    void table(hdf5::Group& group, const std::string& name, const hdf5::Shape& shape, std::span<const T> values,
               const char* units = "") const
    {
        if (!compares()) {
            hdf5::Dataset made = group.create<T>(name, shape, values);
            if (*units != '\0') made.set_text("units", units);
            return;
        }
        const hdf5::Dataset found = find(group, name);
        if (found.shape() != shape) refuse_contents(found);
        const std::vector<T> there = found.read<T>();
        if (!values.empty() && std::memcmp(there.data(), values.data(), values.size_bytes()) != 0)
            refuse_contents(found);
    }

private:
    static hdf5::Dataset find(const hdf5::Group& group, const std::string& name);
    [[noreturn]] static void refuse_attribute(const hdf5::Object& object, const std::string& name);
    [[noreturn]] static void refuse_contents(const hdf5::Object& part);

    Mode mode_;
};

void describe_morphology(const Describer& describer, hdf5::Group group, const MorphologyTables& tables);
/// All of a report but its samples and times.
void describe_report(const Describer& describer, hdf5::Group group, hdf5::Group mapping,
                     const ReportDescription& report);
void describe_stimulus(const Describer& describer, hdf5::Group group, const StimulusDescription& stimulus);
void describe_spike_sites(const Describer& describer, hdf5::Group group, const SpikeSites& sites);

}  // namespace axolemma::record
