-- Tables of the venue's app as far as this program meets them, with the roles and the row-level security of Supabase.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'anon') THEN  -- roles belong to the server, not to one database
    CREATE ROLE anon NOLOGIN;
    CREATE ROLE authenticated NOLOGIN;
    CREATE ROLE service_role NOLOGIN BYPASSRLS;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;

CREATE TABLE bookings (
  id text PRIMARY KEY,
  user_id text,
  camera_id text,
  recording_id text,
  date date,
  start_time timestamptz NOT NULL,
  end_time timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'scheduled',
  email text,
  players integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz DEFAULT now()
);

-- No constraint makes booking_id unique: one row a video is this program's own doing.
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL,
  video_url text NOT NULL,
  date date NOT NULL,
  recording_id text,
  duration_seconds double precision CHECK (duration_seconds >= 0),
  uploaded_at timestamptz NOT NULL,
  filename text NOT NULL,
  storage_path text NOT NULL,
  booking_id text
);

CREATE TABLE cameras (
  id text PRIMARY KEY,
  user_id text,
  name text,
  status text,
  is_recording boolean NOT NULL DEFAULT false,
  last_seen timestamptz
);

CREATE TABLE system_status (
  user_id text NOT NULL,
  camera_id text NOT NULL,
  status text,
  is_recording boolean,
  current_booking_id text,
  last_heartbeat timestamptz,
  cpu_usage real,
  memory_usage real,
  memory_available_mb real,
  disk_usage real,
  disk_free_gb real,
  errors_count integer,
  total_recordings integer,
  successful_uploads integer,
  PRIMARY KEY (user_id, camera_id)
);

CREATE TABLE user_settings (
  user_id text PRIMARY KEY,
  logo_path text,
  intro_video_path text,
  sponsor_logo1_path text,
  sponsor_logo2_path text,
  sponsor_logo3_path text
);


GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO anon, authenticated, service_role;

ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;
ALTER TABLE videos ENABLE ROW LEVEL SECURITY;
ALTER TABLE cameras ENABLE ROW LEVEL SECURITY;
ALTER TABLE system_status ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON bookings FOR SELECT TO anon, authenticated USING (true);
CREATE POLICY anyone_reads ON videos FOR SELECT TO anon, authenticated USING (true);
