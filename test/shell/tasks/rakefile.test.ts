import { expect, test } from 'vitest';
import { runsIn } from './reads.ts';

const files = {
  Rakefile: `
require 'rake'
BUCKET = "orders-prod"
task default: %w[test]
task test: [:lint, 'db:check'] do
  sh "rspec"
end
desc "terraform destroy in words"
task :lint do
  sh 'rubocop', '-a'
end
namespace :infra do
  task :plan do
    sh "terraform plan"
  end
  task :destroy, [:env] => :plan do |t, args|
    sh "terraform destroy -auto-approve"
    \`aws s3 rb s3://#{BUCKET} --force\`
  end
  namespace :deep do
    task(:wipe) { system("kubectl delete ns orders") }
  end
end
task :all do
  Rake::Task['infra:destroy'].invoke
end
task :ordinary do
  puts "infra"
end
`,
  'lib/tasks/db.rake': `
namespace :db do
  task check: :environment do
    sh "pg_isready"
  end
  task :wipe do
    FileUtils.rm_rf("/srv/data")
  end
end
`,
  'rakelib/more.rake': 'task :more do\n  sh "terraform destroy"\nend\n',
};

test.each<[string, string[]]>([
  ['rake', ['rubocop -a', 'pg_isready', 'rspec']],
  ['bundle exec rake lint', ['rake lint', 'rubocop -a']],
  [
    "rake 'infra:destroy[prod]'",
    ['terraform plan', 'terraform destroy -auto-approve', 'aws s3 rb s3://orders-prod --force'],
  ],
  ['rake infra:plan', ['terraform plan']],
  ['rake infra:deep:wipe', ['kubectl delete ns orders']],
  ['rake all', ['terraform plan', 'terraform destroy -auto-approve', 'aws s3 rb s3://orders-prod --force']],
  ['rails db:wipe', ['rm -rf /srv/data']],
  ['bin/rails db:check', ['pg_isready']],
  ['rake more', ['terraform destroy']],
  ['rake ordinary', []],
  ['rake -n infra:destroy', []],
  ['rake -T', []],
  ['rake missing', []],
])('%s', (line, commands) => {
  expect(runsIn(files, line)).toEqual(commands);
});
