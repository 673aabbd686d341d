#include "sweep/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <optional>

#include "base/units.hpp"
#include "run/file_sink.hpp"
#include "sweep/merge.hpp"

namespace axolemma::sweep {

namespace {

/// The value as it stands in the table.
std::string table_value(const std::string& text, const std::string& unit)
{
    try {
        const auto quantity = base::parse_quantity(text);
        const auto in = base::parse_unit(unit.empty() ? "1" : unit);
        return quantity.unit.dimension == in.dimension ? fmt::format("{}", base::value_in(quantity, in)) : text;
    } catch (const base::UnitError&) {
        return text;
    }
}

/// The first finding in one line.
std::string reason_of(const base::InputError& error)
{
    const auto& list = error.diagnostics().list();
    const auto first =
        std::find_if(list.begin(), list.end(), [](const auto& one) { return one.severity == base::Severity::error; });
    return first == list.end() ? error.what() : fmt::format("{}: {}", first->pos.text(), first->message);
}

/// Hands everything to two sinks.
class BothSinks : public run::Sink {
public:
    BothSinks(run::Sink& a, run::Sink& b) : a_(a), b_(b) {}
    void rows(std::size_t report, std::span<const double> rows, std::size_t n_rows) override
    {
        a_.rows(report, rows, n_rows);
        b_.rows(report, rows, n_rows);
    }
    void spikes(std::size_t population, std::span<const record::Spike> spikes) override
    {
        a_.spikes(population, spikes);
        b_.spikes(population, spikes);
    }

private:
    run::Sink& a_;
    run::Sink& b_;
};

/// A point that is to be run.
struct Waiting {
    std::size_t row = 0;
    model::Model model;
};

class BatchRunner {
public:
    BatchRunner(const config::Sweep& sweep, const std::vector<std::int64_t>& points, const BatchOptions& options)
        : sweep_(sweep), options_(options), rows_(points.size())
    {
        for (std::size_t k = 0; k < points.size(); ++k) {
            rows_[k].point = points[k];
        }
    }

    std::vector<Row> run()
    {
        for (auto& batch : sorted_batches()) {
            const bool together = options_.merge && !options_.result_file && batch.size() > 1;
            if (together && run_together(batch)) {
                continue;
            }
            for (auto& point : batch) {
                if (stop_requested()) {
                    break;
                }
                run_alone(point);
            }
        }
        std::erase_if(rows_, [](const Row& row) { return !row.ok && row.reason.empty(); });
        return std::move(rows_);
    }

private:
    bool stop_requested() const { return options_.stop_requested && options_.stop_requested(); }

    /// Reads the points and puts those together that can be merged.
    std::vector<std::vector<Waiting>> sorted_batches()
    {
        std::vector<std::vector<Waiting>> batches;
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            const auto values = config::point_values(sweep_.spec(), rows_[k].point);
            for (std::size_t p = 0; p < values.size(); ++p) {
                rows_[k].parameters.push_back(table_value(values[p], sweep_.spec().parameters[p].unit));
            }
            try {
                Waiting waiting{k, prepared(sweep_.point(rows_[k].point))};
                const auto fits = std::find_if(batches.begin(), batches.end(), [&](const auto& batch) {
                    return can_merge(batch.front().model, waiting.model);
                });
                if (fits == batches.end()) {
                    batches.emplace_back();
                    batches.back().push_back(std::move(waiting));
                } else {
                    fits->push_back(std::move(waiting));
                }
            } catch (const base::InputError& error) {
                rows_[k].reason = reason_of(error);
            }
        }
        return batches;
    }

    run::RunOptions run_options() const
    {
        run::RunOptions options;
        options.threads = options_.threads;
        options.stop_requested = options_.stop_requested;
        return options;
    }

    void fill(Row& row, PointResult result)
    {
        if (!last_columns_ || *last_columns_ != result.columns) {
            last_columns_ = std::make_shared<const std::vector<Column>>(std::move(result.columns));
        }
        row.ok = true;
        row.columns = last_columns_;
        row.values = std::move(result.values);
        row.hash = result.hash;
    }

    /// False when the points have to run one by one.
    bool run_together(const std::vector<Waiting>& batch)
    {
        std::vector<model::Model> models;
        models.reserve(batch.size());
        for (const auto& point : batch) {
            models.push_back(point.model);
        }
        try {
            run::Simulation simulation(merge(models));
            SummarySink summary(simulation, batch.size());
            const auto outcome = simulation.run(run_options(), summary);
            if (!outcome.failure.empty()) {
                return false;
            }
            if (outcome.complete) {
                auto results = summary.finish(outcome);
                for (std::size_t k = 0; k < batch.size(); ++k) {
                    fill(rows_[batch[k].row], std::move(results[k]));
                }
            }
            return true;
        } catch (const base::InputError&) {
        } catch (const base::EngineError&) {
        } catch (const std::bad_alloc&) {
        }
        return false;
    }

    void run_alone(Waiting& point)
    {
        auto& row = rows_[point.row];
        try {
            run::Simulation simulation(std::move(point.model));
            SummarySink summary(simulation, 1);
            run::Outcome outcome;
            if (options_.result_file) {
                run::FileSink file(simulation, options_.result_file(row.point), options_.command);
                BothSinks both(summary, file);
                outcome = simulation.run(run_options(), both);
                file.finish(outcome);
            } else {
                outcome = simulation.run(run_options(), summary);
            }
            if (outcome.complete) {
                fill(row, std::move(summary.finish(outcome).front()));
            } else {
                // Empty when it was stopped. A table needs no word on what was saved.
                row.reason = outcome.failure.substr(0, outcome.failure.find("; what was recorded"));
            }
        } catch (const base::InputError& error) {
            row.reason = reason_of(error);
        } catch (const std::bad_alloc&) {
            row.reason = "not enough memory";
        } catch (const base::EngineError& error) {
            if (options_.result_file) {
                throw;  // most likely the disk: every further point would fail too
            }
            row.reason = error.what();
        }
    }

    const config::Sweep& sweep_;
    const BatchOptions& options_;
    std::vector<Row> rows_;
    std::shared_ptr<const std::vector<Column>> last_columns_;
};

}  // namespace

std::vector<Column> parameter_columns(const model::SweepSpec& spec)
{
    std::vector<Column> columns;
    for (const auto& parameter : spec.parameters) {
        columns.push_back({parameter.name, parameter.unit});
    }
    return columns;
}

std::vector<Row> run_points(const config::Sweep& sweep, const std::vector<std::int64_t>& points,
                            const BatchOptions& options)
{
    return BatchRunner(sweep, points, options).run();
}

}  // namespace axolemma::sweep
